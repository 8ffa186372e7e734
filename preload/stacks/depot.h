/*
 * The depot: call path to small id and back, append-only.
 *
 * Ids are 1, 2, 3 … without gaps. depot_add runs in program threads under the depot's lock, with
 * all signals blocked; depot_get takes no lock and runs anywhere, also in the snapshot.
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
    uint32_t hash;
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

/* Around fork, in the thread that forks: the child's depot is whole. Between them the thread must
 * not allocate with a call path that is new (innermost of all fork handlers). */
void depot_fork_prepare(void);
void depot_fork_done(void);
/* In the single thread of a child that came without depot_fork_prepare. */
void depot_fork_unprepared(void);

/* True once a call path could not be kept. */
bool depot_is_full(void);

#endif
