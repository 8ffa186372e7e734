/*
 * The rule that tells a site that leaks from one that starts up, swings, or fills a cache.
 *
 * Pure functions; integers only. growth_judge takes a whole series, growth_judge_facts the few
 * numbers of it that the rule looks at, which series.h keeps for runs of any length.
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

/* A value of the series and the number of the collection that it is of. */
struct growth_point {
    uint64_t at;
    uint64_t bytes;
};

struct growth_facts {
    uint64_t count;             /* k */
    size_t window;              /* n */
    uint64_t records;           /* the last values in a row that each exceeded all before them */
    uint64_t before;            /* x(k - n) */
    const uint64_t *last;       /* x(k - n + 1) … x(k) */
    struct growth_point middle; /* x(k - h), or near by */
    struct growth_point first;  /* x(k - 2h) */
    uint64_t heap_used_bytes;
};

enum growth_verdict growth_judge_facts(const struct growth_facts *facts);

#endif
