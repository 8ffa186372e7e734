/*
 * What the kernel says of a thread of this process. Raw system calls only; runs in the thread that
 * collects, with the world half stopped.
 */
#ifndef SEEP_COLLECT_THREADS_H
#define SEEP_COLLECT_THREADS_H

#include <stdbool.h>
#include <stdint.h>

enum threads_state {
    THREADS_WILL_ANSWER, /* it runs, or can be woken */
    THREADS_GONE,        /* it will never run a handler: it ended, or the kernel made it */
    THREADS_ASLEEP,      /* in the kernel, and no handler runs before it wakes: it waits
                            uninterruptibly (in vfork, for a disk), or has blocked the signal behind
                            libc's back */
    THREADS_REFUSES      /* it runs, with the signal blocked behind libc's back */
};

/* Of one that is asleep. */
struct threads_sleep {
    uint64_t switches;       /* how often it was scheduled; unchanged: it slept on */
    uintptr_t stack_pointer; /* in user space */
};

/* What the thread does, when it has not answered `signal`. Fills in `sleep` for one that is
 * asleep. */
enum threads_state threads_look(int tid, int signal, struct threads_sleep *sleep);

#endif
