/*
 * Walking the stacks of stopped threads with libunwind, to name a root by its frame. This is its
 * sole user.
 *
 * unwind_start loads the library, at the program's start and only when holders are wanted; it is
 * never linked, and never called by the program's threads. unwind_thread runs in the snapshot
 * (elsewhere it finds no frame), between fault_begin and fault_end. There libunwind calls malloc,
 * calloc and free (for its address space and its lists), mmap, sigprocmask, and locks of its own,
 * which nobody else takes.
 */
#ifndef SEEP_MARK_UNWIND_H
#define SEEP_MARK_UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../record/world.h"

struct unwind_frame {
    uintptr_t sp; /* where the frame begins: its lowest address */
    uintptr_t pc; /* as in a stack of the depot: to be named at pc - 1 */
};

/* False when libunwind is not installed. May call malloc. */
bool unwind_start(void);

/* Innermost first; returns how many, up to `max`. Without libunwind: as frames.h. */
size_t unwind_thread(const struct world_thread *thread, struct unwind_frame *frames, size_t max);

#endif
