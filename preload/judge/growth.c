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

static uint64_t growth_at(const struct growth_series *series, size_t i)
{
    return i == 0 ? 0 : series->bytes[i - 1];
}

/* x(to) - x(from); below zero where it fell. */
static int64_t growth_rise(const struct growth_series *series, size_t from, size_t to)
{
    return (int64_t)(growth_at(series, to) - growth_at(series, from));
}

/* Each of the last n exceeds all earlier values of the run. */
static bool growth_is_a_record_each_time(const struct growth_series *series)
{
    uint64_t highest = 0;
    for (size_t i = 1; i <= series->count; i++) {
        uint64_t here = growth_at(series, i);
        if (i + series->window > series->count && here <= highest)
            return false;
        highest = here > highest ? here : highest;
    }
    return true;
}

/* n times the weakest of the last n rises is a quarter of their sum, and that sum matters. */
static bool growth_is_steady_and_large(const struct growth_series *series)
{
    size_t k = series->count;
    size_t n = series->window;
    int64_t all = growth_rise(series, k - n, k);
    int64_t weakest = INT64_MAX;
    for (size_t i = k - n + 1; i <= k; i++) {
        int64_t rise = growth_rise(series, i - 1, i);
        weakest = rise < weakest ? rise : weakest;
    }
    uint64_t share = series->heap_used_bytes / GROWTH_FLOOR_SHARE;
    uint64_t floor = share > GROWTH_FLOOR_BYTES ? share : GROWTH_FLOOR_BYTES;
    return 4 * (int64_t)n * weakest >= all && all >= (int64_t)floor;
}

/* The second half of the run, or of the window, rose much less than the first. */
static bool growth_is_settling(const struct growth_series *series)
{
    size_t k = series->count;
    size_t n = series->window;
    size_t h = k / 2;
    size_t m = n / 2;
    return 5 * growth_rise(series, k - h, k) < 3 * growth_rise(series, k - 2 * h, k - h) ||
           2 * growth_rise(series, k - m, k) < growth_rise(series, k - n, k - n + m);
}

enum growth_verdict growth_judge(const struct growth_series *series)
{
    if (series->window == 0 || series->count < series->window ||
        !growth_is_a_record_each_time(series) || !growth_is_steady_and_large(series))
        return GROWTH_NONE;
    if (series->count < 2 * series->window)
        return GROWTH_RISING;
    return growth_is_settling(series) ? GROWTH_SETTLING : GROWTH_GROWING;
}
