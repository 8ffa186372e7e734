/*
 * The bytes of one site over a run of any length, in constant space: what the growth rule looks at,
 * and the last values for the report.
 *
 * Lives in memory that snapshots share; written by one snapshot at a time.
 *
 * The rule needs four things. That each of the last n values exceeds all earlier ones: a running
 * maximum and a count of records in a row. The last n rises: the last SERIES_RECENT values. x(0) or
 * x(1): kept. And x(k - h), the value in the middle of the run, which moves on by one in every
 * other collection and may be any earlier one: of these a value in every `stride` collections is
 * kept, the stride doubling whenever SERIES_COARSE are full. While k is at most SERIES_COARSE the
 * middle is exact. After that the value nearest before it is taken, at most stride - 1 < k / 64
 * collections away, and the two parts are compared by their mean rise for each collection. So for
 * a straight line nothing changes; in general the middle of the rule is moved by at most 3.2 % of
 * h, which can only matter for a site whose ratio of the halves is that near to the limit of 3/5.
 */
#ifndef SEEP_JUDGE_SERIES_H
#define SEEP_JUDGE_SERIES_H

#include <stddef.h>
#include <stdint.h>

#include "growth.h"

enum {
    SERIES_RECENT = 64,
    SERIES_COARSE = 128,
    SERIES_WINDOW_MAX = SERIES_RECENT - 1,
    SERIES_LEAST = 1024 /* fewer bytes count as none: a site below is not kept at all */
};

struct series {
    uint64_t count;   /* k */
    uint64_t records; /* the last values in a row that each exceeded all before them */
    uint64_t highest;
    uint64_t first;                 /* x(1) */
    uint64_t stride;                /* a power of two */
    uint64_t recent[SERIES_RECENT]; /* x(i) at i mod SERIES_RECENT */
    uint64_t coarse[SERIES_COARSE]; /* x(j · stride) at j - 1 */
};

/* A site that held nothing in the first `count` collections. `series` is zeroed. */
void series_begin(struct series *series, uint64_t count);
/* Its bytes at the next collection. */
void series_add(struct series *series, uint64_t bytes);
/* x(k - back); 0 where k - back is no collection. `back` is at most SERIES_RECENT - 1. */
uint64_t series_back(const struct series *series, uint64_t back);
/* The last values, oldest first; returns how many, at most `max` and SERIES_RECENT. */
size_t series_copy(const struct series *series, uint64_t *values, size_t max);
enum growth_verdict series_judge(const struct series *series, size_t window,
                                 uint64_t heap_used_bytes);

#endif
