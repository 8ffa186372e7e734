/*
 * The guard of a wrapper: says that this thread is inside the shim.
 *
 * While it is, a stop does not park the thread, since it may hold the allocator's lock or stand
 * between the allocator and the ledger; it parks on leaving. Guards nest (a signal handler of the
 * program may allocate while its thread is inside); the token that guard_enter returns is handed
 * on to guard_leave.
 *
 * Runs in program threads. The state of the whole library is one word, guard_mode.
 */
#ifndef SEEP_INTERPOSE_GUARD_H
#define SEEP_INTERPOSE_GUARD_H

#include "../record/hooks.h"
#include "../record/record.h"
#include "../stacks/stacks.h"
#include "real.h"

enum guard_mode {
    GUARD_UNSTARTED, /* nothing was looked up yet */
    GUARD_STARTING,  /* the first wrapper call is looking things up: serve from the early pool */
    GUARD_RECORDING,
    GUARD_OFF,     /* pass everything on */
    GUARD_SNAPSHOT /* this is the marking process: the allocator's locks may be taken for ever */
};

/* Written by guard_start and guard_set_mode; by the snapshot in its own copy. */
extern uint32_t guard_mode HOT;

/* From here on this is the mode. The calling thread has the short way of captures in no mode but
 * GUARD_RECORDING, so that nothing else is to be asked there; other threads that run now go on
 * recording by it. */
void guard_set_mode(enum guard_mode mode);

/* Called by the first wrapper, whichever it is; also by the library's constructor. */
void guard_start(void);

/* At start, where the program is not to be watched, or cannot be: nothing is recorded from here on,
 * and the ledger's address space is the program's again. */
void guard_off(void);

enum { GUARD_POOL_BYTES = 256 << 10 };

/* Written by guard_pool_take only; not registered as the library's own: a block in it may be the
 * program's, so the marker takes it as a global. */
extern unsigned char guard_pool[GUARD_POOL_BYTES] __attribute__((visibility("hidden")));

static inline bool guard_pool_has(const void *block)
{
    return (uintptr_t)block - (uintptr_t)guard_pool < GUARD_POOL_BYTES;
}

/* Where allocations come from while the mode is STARTING or SNAPSHOT. */
void *guard_pool_take(size_t bytes, size_t alignment);
size_t guard_pool_size(const void *block);

static inline bool guard_is_recording(void)
{
    return __builtin_expect(__atomic_load_n(&guard_mode, __ATOMIC_RELAXED) == GUARD_RECORDING, 1);
}

struct guard {
    struct thread_state *self;
    uintptr_t outer; /* what `inside` was */
    bool is_nested;  /* some frame further out may be in the middle of a wrapper */
};

/* The rare ways in: a handler of the program allocates while its thread is inside the shim or in a
 * safe region, or did so before and left by longjmp. Returns what `inside` was, 0 where the frame
 * that entered is gone. */
uintptr_t guard_nest_slow(struct thread_state *self, uintptr_t here);
void guard_unnest_slow(struct guard guard);

/* The common way in while recording: not inside. False, and nothing done, where it is another. */
static inline __attribute__((always_inline)) bool guard_enter_first(void)
{
    if (__builtin_expect(thread_self.inside != 0, 0))
        return false;
    thread_self.inside = (uintptr_t)__builtin_frame_address(0);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return true;
}

static inline struct guard guard_enter(void)
{
    struct thread_state *self = &thread_self;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    uintptr_t outer = self->inside;
    bool is_nested = outer != 0;
    if (__builtin_expect(is_nested, 0))
        outer = guard_nest_slow(self, here);
    self->inside = outer != 0 ? outer & ~(uintptr_t)THREAD_IN_REGION : here;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return (struct guard){self, outer, is_nested};
}

/* The way out of a guard that guard_enter_first entered. */
void guard_park_slow(void);

static inline __attribute__((always_inline)) void guard_leave_first(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    thread_self.inside = 0;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (__builtin_expect(thread_self.stop_pending != 0, 0))
        guard_park_slow();
}

static inline void guard_leave(struct guard guard)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    guard.self->inside = guard.outer;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (__builtin_expect(guard.self->stop_pending != 0, 0))
        guard_unnest_slow(guard);
}

#endif
