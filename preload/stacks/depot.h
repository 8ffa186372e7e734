/*
 * The depot: call path to small id and back, append-only.
 *
 * Ids are 1, 2, 3 … without gaps. No lock: depot_add runs in program threads, also in a signal
 * handler that interrupted it, or in a child that was forked in the middle of it; depot_get runs
 * anywhere, also in the snapshot.
 */
#ifndef SEEP_STACKS_DEPOT_H
#define SEEP_STACKS_DEPOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DEPOT_STACKS_MAX = (1 << 24) - 1 /* an id has 24 bits in the ledger's word */
};

struct depot_stack {
    uint32_t id;
    uint32_t flags; /* LEAKFILE_STACK_… */
    uint32_t frames;
    uint64_t epoch;       /* for modules_find_at */
    const uintptr_t *pcs; /* innermost first, as leakfile.h has them: to be named at pc - 1 */
};

/* Returns the id of the call path, new or known; 0 when the depot is full or memory ended. Paths
 * that differ in LEAKFILE_STACK_ODD only are the same. */
uint32_t depot_add(const uintptr_t *pcs, uint32_t frames, uint32_t flags);

/* NULL for 0 and for an id that was never given. Valid for ever. */
const struct depot_stack *depot_get(uint32_t id);

/* The highest id given so far. */
uint32_t depot_count(void);

/* True once a call path could not be kept. */
bool depot_is_full(void);

#endif
