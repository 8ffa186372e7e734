/*
 * The flood: from root words over blocks to all that can be reached.
 *
 * Called by mark_run and, with invented heaps, by the tests; between fault_begin and fault_end.
 *
 * Every thread runs flood.c and flood_take.c on a `struct flood` of its own (flood_state.h), and
 * shares by crew.c. Which of them finds a block is chance; its fate is not: it is what the roots
 * reach, by pointers that count first, then by doubtful ones, the second phase beginning when all
 * threads have ended the first.
 */
#ifndef SEEP_MARK_FLOOD_H
#define SEEP_MARK_FLOOD_H

#include <stdbool.h>
#include <stdint.h>

#include "blocks.h"
#include "interior.h"
#include "roots.h"

struct flood_request {
    struct blocks *blocks;
    const struct roots *roots;
    struct interior_map map;
    const struct memory_map *memory; /* tells what of large blocks was written; NULL: all */
    uintptr_t *via;                  /* by block number, or NULL: mark nearest to the roots first */
    size_t room;      /* of a work list, in blocks; 0: as suits the heap. Tests have small ones */
    uint32_t threads; /* that may mark, this one included; 0 and, with `via`, any: one */
    uint64_t pages_unreadable; /* out: met on the way, in roots and in blocks */
};

/* Sets the fates in the bit maps of `blocks`. Returns 0 or -ENOMEM. Threads that cannot be had are
 * done without. */
int flood_run(struct flood_request *request);

/* The block that a word leads to, whether through its start or not; small tags are taken off.
 * Here the meaning of a word has its home: judge/ follows pointers among lost blocks with it. */
bool flood_find(const struct blocks *blocks, uintptr_t word, struct blocks_found *found);

#endif
