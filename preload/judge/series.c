/* One site's bytes over a run; see series.h. */
#include "series.h"

void series_begin(struct series *series, uint64_t count)
{
    series->count = count;
    series->stride = 1;
    while (count > SERIES_COARSE * series->stride)
        series->stride *= 2;
}

static void series_thin_out(struct series *series)
{
    for (size_t j = 0; j < SERIES_COARSE / 2; j++)
        series->coarse[j] = series->coarse[2 * j + 1];
    series->stride *= 2;
}

void series_add(struct series *series, uint64_t bytes)
{
    uint64_t k = ++series->count;
    if (bytes < SERIES_LEAST)
        bytes = 0;
    if (k == 1)
        series->first = bytes;
    series->records = bytes > series->highest ? series->records + 1 : 0;
    series->highest = bytes > series->highest ? bytes : series->highest;
    series->recent[k % SERIES_RECENT] = bytes;
    if (k > SERIES_COARSE * series->stride)
        series_thin_out(series);
    if (k % series->stride == 0)
        series->coarse[k / series->stride - 1] = bytes;
}

uint64_t series_back(const struct series *series, uint64_t back)
{
    if (back >= series->count || back >= SERIES_RECENT)
        return 0;
    return series->recent[(series->count - back) % SERIES_RECENT];
}

size_t series_copy(const struct series *series, uint64_t *values, size_t max)
{
    size_t count = series->count < SERIES_RECENT ? (size_t)series->count : SERIES_RECENT;
    count = count < max ? count : max;
    for (size_t i = 0; i < count; i++)
        values[i] = series_back(series, count - 1 - i);
    return count;
}

static struct growth_point series_middle(const struct series *series)
{
    uint64_t middle = series->count - series->count / 2;
    uint64_t place = middle / series->stride;
    return (struct growth_point){place * series->stride,
                                 place == 0 ? 0 : series->coarse[place - 1]};
}

enum growth_verdict series_judge(const struct series *series, size_t window,
                                 uint64_t heap_used_bytes)
{
    uint64_t k = series->count;
    uint64_t last[SERIES_RECENT];
    if (window == 0 || window > SERIES_WINDOW_MAX || k < window)
        return GROWTH_NONE;
    for (size_t step = 0; step < window; step++)
        last[step] = series_back(series, window - 1 - step);
    struct growth_facts facts = {.count = k,
                                 .window = window,
                                 .records = series->records,
                                 .before = series_back(series, window),
                                 .last = last,
                                 .middle = series_middle(series),
                                 .first = {k % 2, k % 2 != 0 ? series->first : 0},
                                 .heap_used_bytes = heap_used_bytes};
    return growth_judge_facts(&facts);
}
