/*
 * What the library knows of each thread: whether it is inside the shim, whether a stop waits for
 * it, and its counters.
 *
 * The thread-local part is one small structure, initial-exec, so that reaching it allocates
 * nothing. The counters live in pages of our own and outlive their thread: malloc runs after the
 * destructors of thread-specific data, so nothing tells us of a thread's end; the slot of a tid
 * that is gone is taken over by a later thread, counters and all, which keeps their sum right.
 */
#ifndef SEEP_RECORD_THREAD_H
#define SEEP_RECORD_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/pages.h"

struct thread_counters {
    uint64_t allocated_bytes; /* written by the owner only */
    uint64_t freed_bytes;
    uint64_t allocated_blocks;
    uint64_t freed_blocks;
    int tid; /* owner; 0 when never used */
} __attribute__((aligned(64)));

struct thread_state {
    struct thread_counters *counters; /* NULL until the thread first enters the shim */
    uint32_t inside;                  /* depth of shim calls; only the thread itself writes it */
    uint32_t stop_pending; /* number of the stop that found us inside: to be parked on leaving */
    uintptr_t entered_sp;  /* frame of the outermost shim call: tells that it was left by longjmp */
};

extern __thread struct thread_state thread_self
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

bool thread_start(void);

/* Finds or makes the calling thread's counters; out of line, once a thread. Never NULL: without
 * memory all threads share one. */
struct thread_counters *thread_counters_slow(void);

static inline struct thread_counters *thread_counters_of(struct thread_state *self)
{
    struct thread_counters *counters = self->counters;
    return __builtin_expect(counters != NULL, 1) ? counters : thread_counters_slow();
}

/* The sums over all threads, of threads that ended too. */
struct thread_counters thread_counters_sum(void);

/* The memory of the library's thread-local variables in the thread with this thread pointer. */
struct pages_range thread_own_memory(uintptr_t thread_pointer);

/* The thread pointers of threads that ever entered the shim, ended ones among them; up to `max`,
 * in no order. Returns how many were written to `out`. */
size_t thread_pointers_seen(uintptr_t *out, size_t max);

/* In a forked child: only the calling thread exists; all counters so far are its parent's. */
void thread_after_fork(void);

#endif
