/*
 * A raw clone whose child begins on a stack of its own: the snapshot, and the threads that help it.
 *
 * Nothing of libc knows of the child: no thread control block, no lock, no handler. Runs in the
 * thread that collects and in the snapshot, with all signals blocked.
 */
#ifndef SEEP_BASE_CLONE_H
#define SEEP_BASE_CLONE_H

#include <stdint.h>

struct clone_call {
    long flags;
    void *stack_end;               /* the stack's highest address, a multiple of 16 */
    uint32_t *tid;                 /* for CLONE_PARENT_SETTID and CLONE_CHILD_CLEARTID, or NULL */
    void (*enter)(void *argument); /* what the child does; must not return */
    void *argument;
};

/* Returns the child's number, or a negative errno. */
int clone_make(const struct clone_call *call);

#endif
