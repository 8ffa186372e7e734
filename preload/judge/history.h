/*
 * What judging remembers from one snapshot to the next: since when blocks are unreached, and the
 * series of the sites.
 *
 * In pages shared between the program and its snapshots, neither root nor heap, mostly untouched.
 * The program maps it before its first collection that has another behind it; only snapshots write
 * it, one at a time. A forked child begins with a new one.
 */
#ifndef SEEP_JUDGE_HISTORY_H
#define SEEP_JUDGE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "series.h"

enum {
    HISTORY_STACKS = 1 << 24,
    HISTORY_SITES = 1 << 16,     /* with a series; more are not judged */
    HISTORY_UNREACHED = 1 << 21, /* blocks; what is more is always seen for the first time */
    HISTORY_MOMENTS = SERIES_RECENT
};

/* A block that was not reached. By address: a collection finds them in this order, and at an
 * address that is older than a collection the block is the same as in the collection before. */
struct history_block {
    uint64_t start;        /* bit 0: reached by a doubtful pointer */
    uint64_t since_ns;     /* of the collection that first found it so */
    uint32_t since;        /* its number */
    uint32_t times;        /* collections in a row */
    uint32_t last_reached; /* number of the last collection that still reached it, or 0 */
    uint32_t reserved;
};

struct history_unreached {
    struct history_block blocks[2][HISTORY_UNREACHED];
    size_t counts[2];
    uint32_t births[2];     /* ledger_birth_now() at that collection; 0: there was none */
    uint32_t collection[2]; /* its number */
    uint32_t now;           /* which of the two is whole */
};

struct history_site {
    uint32_t stack;
    uint32_t verdict; /* enum growth_verdict at the last periodic collection */
    uint32_t since;   /* collection in which that verdict was first given */
    uint32_t times;   /* periodic collections in a row with it */
    uint64_t since_ns;
    struct series series;
};

/* A periodic collection; the last ones are kept. */
struct history_moment {
    uint32_t collection;
    uint32_t reserved;
    uint64_t at_ns;
    uint64_t heap_used_bytes;
};

struct history {
    struct history_moment moments[HISTORY_MOMENTS]; /* the k-th at k mod HISTORY_MOMENTS */
    uint64_t periodic;                              /* k */
    uint64_t heap_rises;                            /* in a row, of heapUsed */
    uint32_t told_growing;                          /* sites, in the last warning of this rise */
    uint32_t wants_holders; /* some site may be growing at the next collection */
    uint32_t site_count;
    uint32_t site_of[HISTORY_STACKS]; /* by stack: index + 1, or 0 */
    struct history_site sites[HISTORY_SITES];
    struct history_unreached unreached;
};

/* The collection that is being judged. */
struct history_request {
    struct history *history; /* NULL: every collection is the first one */
    uint32_t collection;
    uint32_t window;  /* the option `growth` */
    uint32_t confirm; /* collections in a row after which a block is lost */
    bool is_last;
    bool is_periodic;
    bool all_holders; /* of all sites, not of growing ones only */
    bool objects;     /* tell the blocks of lost and possible findings */
    uint64_t at_ns;
    uint64_t heap_used_bytes;
};

/* Returns NULL when there is no memory. In the program. */
struct history *history_map(void);
void history_unmap(struct history *history);

/* The moment `back` periodic collections before the last one; zeroes where there was none. */
struct history_moment history_moment_back(const struct history *history, uint64_t back);

#endif
