/*
 * One thread's flood: what flood.c, flood_take.c and flood_run.c share of it.
 *
 * Fates are bits that all threads of a flood set. A thread that is alone sets them with plain
 * instructions; else who sets a bit first owns what follows from it. No order is needed between
 * them: the memory that is read was written before the flood, and blocks that are handed on go
 * through the crew's lock.
 */
#ifndef SEEP_MARK_FLOOD_STATE_H
#define SEEP_MARK_FLOOD_STATE_H

#include "crew.h"
#include "flood.h"
#include "sparse.h"

enum {
    FLOOD_WORDS = 32,  /* waiting words; a power of two */
    FLOOD_BLOCKS = 16, /* fetched at once; 8 and 32 were slower */
    FLOOD_TAGS = 7     /* small tags sit in these bits */
};

struct flood_word {
    struct blocks_entry *entry; /* of the slot that `value` lies in */
    uintptr_t value;
    uintptr_t from; /* where it was read */
};

struct flood {
    struct flood_request *request;
    struct blocks *blocks;
    struct crew *crew;
    uintptr_t low;
    uintptr_t span;
    bool is_alone;                        /* in the crew */
    bool doubtful;                        /* second phase: all that is found is possible */
    struct flood_word words[FLOOD_WORDS]; /* a ring */
    size_t words_in;
    size_t words_out;
    uintptr_t near[FLOOD_BLOCKS]; /* starts of the blocks being scanned */
    uintptr_t *work;              /* starts; room for each block once: no block is put in twice */
    size_t work_first;            /* taken from here when marking nearest first, and when given */
    size_t work_end;
    size_t work_room;
    bool sweeping;                   /* the list is not used: blocks are taken by address */
    int64_t *pending;                /* in the crew; see there */
    struct blocks_cursor sweep_from; /* where the first of several sweeps begins: a share */
    struct blocks_cursor cursor; /* of the sweep: `left` are blocks to take, of the entry at … */
    uintptr_t cursor_base;
    uint64_t cursor_offsets;
    size_t large_bytes;   /* a block of so many is large */
    struct sparse sparse; /* of large blocks */
    uint64_t pages_unreadable;
};

static inline __attribute__((always_inline)) uint64_t flood_bits(const uint64_t *map)
{
    return __atomic_load_n(map, __ATOMIC_RELAXED);
}

/* Sets bits; returns which of them were clear, and are now this thread's business. One that is
 * alone has looked already. */
static inline __attribute__((always_inline)) uint64_t flood_claim(const struct flood *flood,
                                                                  uint64_t *map, uint64_t bits)
{
    if (__builtin_expect(!flood->is_alone, 0))
        return bits & ~__atomic_fetch_or(map, bits, __ATOMIC_RELAXED);
    *map |= bits;
    return bits;
}

/* Others read it, late or not. */
static inline void flood_count_pending(const struct flood *flood, int64_t more)
{
    __atomic_store_n(flood->pending, *flood->pending + more, __ATOMIC_RELAXED);
}

/* flood.c: reads all words of a piece; reads all blocks that are found, until this thread has none
 * left. */
void flood_scan_piece(struct flood *flood, const struct crew_range *piece);
void flood_drain(struct flood *flood);

/* flood_take.c: where the next blocks come from. Fills `near`; returns how many. */
size_t flood_take(struct flood *flood);
/* The list is full, or has nothing while much waits. */
void flood_begin_sweep(struct flood *flood);
/* A sweep has come to its end: once more, or, when little was found behind it, by the list. */
void flood_end_sweep(struct flood *flood);
/* Puts what others gave on the empty list, or begins to sweep. False when there is nothing. */
bool flood_seek(struct flood *flood);

#endif
