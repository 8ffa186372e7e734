/*
 * Threads that help the snapshot: raw clones in its own thread group, so they end with it.
 *
 * A helper has no thread control block of its own: it shares that of the snapshot's thread, and
 * with it every thread-local variable. So what it runs must write none (ours are cache_self and
 * thread_self; errno is another), which raw system calls and plain loops do not; it reads one where
 * a compiler guards stacks, the canary, which nobody writes. It takes no lock and maps no pages,
 * since the snapshot's locks are none (lock_is_alone). Signals are blocked as in the thread that
 * starts it, and handlers are shared; a handler for its faults runs on its own stack.
 *
 * Called in the snapshot only: in the program a helper would be a thread that it can see.
 */
#ifndef SEEP_BASE_HELPER_H
#define SEEP_BASE_HELPER_H

#include <stdint.h>

struct helper {
    void (*body)(void *argument);
    void *argument;
    void *stack;
    union {
        uint32_t tid;     /* 0 once it has ended */
        uintptr_t thread; /* of libc: in tests, whose sanitizers need one */
    };
};

/* Starts a thread that calls body(argument) and ends; both are set by the caller, and `helper` must
 * stay. Returns 0, or a negative errno: there is none then. */
int helper_start(struct helper *helper);
/* Returns when it has ended. */
void helper_wait(struct helper *helper);

#endif
