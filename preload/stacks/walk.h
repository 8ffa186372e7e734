/*
 * The walk over the calling thread's stack, innermost frame first.
 *
 * Runs in program threads, also inside signal handlers; takes no lock, allocates nothing, never
 * faults. Nothing is guessed: where there is no call frame information the stack ends.
 */
#ifndef SEEP_STACKS_WALK_H
#define SEEP_STACKS_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "stacks.h"

struct walk {
    struct stacks_entry entry;
    uint32_t depth;  /* room in `pcs` */
    uint32_t frames; /* out */
    uint32_t flags;  /* out: LEAKFILE_STACK_… */
    uintptr_t *pcs;  /* out: to be named at pc - 1 */
};

/* Fills in what is out; there is always one frame at least. */
void walk_run(struct walk *walk);

#endif
