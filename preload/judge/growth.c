/*
 * The growth rule; see growth.h. In the comments k is the number of collections, n the window, x(i)
 * the bytes at collection i; x(0) is 0: before it began, the program held nothing.
 */
#include "growth.h"

#include <stdbool.h>

enum {
    GROWTH_FLOOR_BYTES = 64 << 10,
    GROWTH_FLOOR_SHARE = 100 /* of heapUsed: 1 % */
};

/* x(k - n + step); step 0 … n. */
static uint64_t growth_at(const struct growth_facts *facts, size_t step)
{
    return step == 0 ? facts->before : facts->last[step - 1];
}

/* The rise from one step of the window to another; below zero where it fell. */
static int64_t growth_rise(const struct growth_facts *facts, size_t from, size_t to)
{
    return (int64_t)(growth_at(facts, to) - growth_at(facts, from));
}

/* n times the weakest of the last n rises is a quarter of their sum, and that sum matters. */
static bool growth_is_steady_and_large(const struct growth_facts *facts)
{
    size_t n = facts->window;
    int64_t all = growth_rise(facts, 0, n);
    int64_t weakest = INT64_MAX;
    for (size_t step = 1; step <= n; step++) {
        int64_t rise = growth_rise(facts, step - 1, step);
        weakest = rise < weakest ? rise : weakest;
    }
    uint64_t share = facts->heap_used_bytes / GROWTH_FLOOR_SHARE;
    uint64_t floor = share > GROWTH_FLOOR_BYTES ? share : GROWTH_FLOOR_BYTES;
    return 4 * (int64_t)n * weakest >= all && all >= (int64_t)floor;
}

/* The second half of the run rose much less than the first, or that of the window. Where the middle
 * is not quite the middle, the halves are compared by their rises for each collection: with h the
 * length of both this is 5 · (x(k) - x(k-h)) < 3 · (x(k-h) - x(k-2h)). */
static bool growth_is_settling(const struct growth_facts *facts)
{
    size_t n = facts->window;
    size_t m = n / 2;
    const struct growth_point *middle = &facts->middle;
    __int128 later = (int64_t)(growth_at(facts, n) - middle->bytes);
    __int128 earlier = (int64_t)(middle->bytes - facts->first.bytes);
    __int128 later_length = (int64_t)(facts->count - middle->at);
    __int128 earlier_length = (int64_t)(middle->at - facts->first.at);
    return 5 * later * earlier_length < 3 * earlier * later_length ||
           2 * growth_rise(facts, n - m, n) < growth_rise(facts, 0, m);
}

enum growth_verdict growth_judge_facts(const struct growth_facts *facts)
{
    if (facts->window == 0 || facts->count < facts->window || facts->records < facts->window ||
        !growth_is_steady_and_large(facts))
        return GROWTH_NONE;
    if (facts->count < 2 * facts->window)
        return GROWTH_RISING;
    return growth_is_settling(facts) ? GROWTH_SETTLING : GROWTH_GROWING;
}

/* How many of the last values each exceed all earlier ones of the run. */
static uint64_t growth_records(const struct growth_series *series)
{
    uint64_t highest = 0;
    uint64_t records = 0;
    for (size_t i = 0; i < series->count; i++) {
        records = series->bytes[i] > highest ? records + 1 : 0;
        highest = series->bytes[i] > highest ? series->bytes[i] : highest;
    }
    return records;
}

static struct growth_point growth_point(const struct growth_series *series, size_t at)
{
    return (struct growth_point){at, at == 0 ? 0 : series->bytes[at - 1]};
}

enum growth_verdict growth_judge(const struct growth_series *series)
{
    size_t k = series->count;
    size_t n = series->window;
    size_t h = k / 2;
    if (n == 0 || k < n)
        return GROWTH_NONE;
    struct growth_facts facts = {.count = k,
                                 .window = n,
                                 .records = growth_records(series),
                                 .before = growth_point(series, k - n).bytes,
                                 .last = series->bytes + (k - n),
                                 .middle = growth_point(series, k - h),
                                 .first = growth_point(series, k - 2 * h),
                                 .heap_used_bytes = series->heap_used_bytes};
    return growth_judge_facts(&facts);
}
