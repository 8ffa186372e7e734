/*
 * Safe regions: a thread in a call that can block needs no signal to be stopped.
 *
 * On the way in a wrapper stores the callee-saved registers and the stack pointer in the thread's
 * place and says that it is in a region; on the way out it waits at the gate while the world is
 * stopped. So a collection causes no EINTR, no short count and no longer timeout in these calls,
 * and the stop of an idle program costs nothing.
 *
 * The order is Dekker's: the thread stores its state and then reads the gate, the collecting thread
 * shuts the gate and then reads the state; one of the two sees the other. A thread that finds the
 * gate shut on the way in waits before the call, for a signal may be under way to it.
 *
 * A handler of the program that runs inside a region and enters the shim ends the region for good:
 * its frames, which a region's stored stack pointer leaves out, may hold blocks, and its own
 * blocking calls are regions of their own. Nothing is lost by that: a call that goes on after the
 * program's handler goes on after ours, too.
 *
 * Runs in program threads, errno untouched. The cleanup attribute makes cancellation and
 * exceptions leave the region too; longjmp from a handler does it by its own wrapper.
 */
#ifndef SEEP_INTERPOSE_REGIONS_H
#define SEEP_INTERPOSE_REGIONS_H

#include "guard.h"

struct region {
    struct thread_state *self; /* NULL: nothing to leave */
};

static inline __attribute__((always_inline)) struct region region_enter(void)
{
    struct thread_state *self = &thread_self;
    if (!guard_is_recording())
        return (struct region){0};
    if (__builtin_expect(self->inside != 0, 0) && !thread_region_end(self))
        return (struct region){0};
    if (hooks.idle != NULL)
        hooks.idle();
    struct thread_place *place = thread_place_of(self);
    uintptr_t inside = (uintptr_t)__builtin_frame_address(0) | THREAD_IN_REGION;
    do { /* again when a handler was in a region of its own meanwhile */
        __atomic_store_n(&self->inside, inside, __ATOMIC_RELAXED);
        thread_registers_save(place->registers);
        thread_region_begin(self);
    } while (__atomic_load_n(&self->inside, __ATOMIC_RELAXED) != inside);
    return (struct region){self};
}

static inline void region_leave(struct region *region)
{
    if (region->self == NULL)
        return;
    __atomic_store_n(&region->self->place->region, 0, __ATOMIC_SEQ_CST);
    if (__builtin_expect(__atomic_load_n(&thread_gate, __ATOMIC_SEQ_CST) != 0, 0))
        thread_gate_wait();
    region->self->inside = 0;
}

/* Stands in a wrapper's body before the call that may block. */
#define REGION()                                                                                   \
    __attribute__((cleanup(region_leave), unused)) struct region region_held = region_enter()

#endif
