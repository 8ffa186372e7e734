/*
 * The flood: from root words over blocks to all that can be reached.
 *
 * Called by mark_run and, with invented heaps, by the tests; between fault_begin and fault_end.
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
    size_t room; /* of the work list, in blocks; 0: as suits the heap. Tests have small ones */
    uint64_t pages_unreadable; /* out: met on the way, in roots and in blocks */
};

/* Sets the fates in the bit maps of `blocks`. Returns 0 or -ENOMEM. */
int flood_run(struct flood_request *request);

/* The block that a word leads to, whether through its start or not; small tags are taken off.
 * Here the meaning of a word has its home: judge/ follows pointers among lost blocks with it. */
bool flood_find(const struct blocks *blocks, uintptr_t word, struct blocks_found *found);

#endif
