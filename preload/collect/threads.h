/*
 * What the kernel says of a thread of this process. Raw system calls only; runs in the thread that
 * collects, with the world half stopped.
 */
#ifndef SEEP_COLLECT_THREADS_H
#define SEEP_COLLECT_THREADS_H

#include <stdbool.h>
#include <stdint.h>

/* True for a thread that will never run a signal handler: it ended, or the kernel made it. */
bool threads_cannot_answer(int tid);

/* A thread that sleeps in the kernel and will not run a handler before it wakes: it waits
 * uninterruptibly (in vfork, for a disk), or it has blocked `signal` behind libc's back. */
struct threads_sleep {
    uint64_t switches;       /* how often it was scheduled; unchanged: it slept on */
    uintptr_t stack_pointer; /* in user space */
};
bool threads_is_asleep(int tid, int signal, struct threads_sleep *sleep);

#endif
