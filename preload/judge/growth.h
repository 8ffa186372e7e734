/*
 * The rule that tells a site that leaks from one that starts up, swings, or fills a cache.
 *
 * A pure function of a series; integers only. No caller yet: the collections that run while the
 * program does will keep the series.
 */
#ifndef SEEP_JUDGE_GROWTH_H
#define SEEP_JUDGE_GROWTH_H

#include <stddef.h>
#include <stdint.h>

enum growth_verdict {
    GROWTH_NONE,     /* no statement, or no growth */
    GROWTH_RISING,   /* grows, but the run is too short to tell more: a warning only */
    GROWTH_SETTLING, /* grows ever more slowly */
    GROWTH_GROWING
};

struct growth_series {
    const uint64_t *bytes; /* at periodic collections 1 … count: of blocks that survived two */
    size_t count;
    size_t window;            /* the option `growth`, at least 1 */
    uint64_t heap_used_bytes; /* at the last of these collections */
};

enum growth_verdict growth_judge(const struct growth_series *series);

#endif
