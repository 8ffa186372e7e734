/*
 * What cases about one more thread share: it takes its place, says so, and is there until the
 * program ends. Included by tests/cases/ only.
 */
#ifndef SEEP_TESTS_ONE_THREAD_H
#define SEEP_TESTS_ONE_THREAD_H

#include "claim.h"

/* The block of the case. */
static hidden_pointer hidden __attribute__((unused));

/* 1 when the thread is where it is to be. */
static volatile int ready;

/* The thread has what it is to have. Does not return, but its caller's locals are alive. */
static inline void stay(void)
{
    ready = 1;
    for (;;)
        pause();
}

/* Starts the thread, which is given GIVEN or NULL, and waits until it is ready. */
static inline void start_thread(void *(*work)(void *), bool given)
{
    pthread_t thread;

    must(pthread_create(&thread, NULL, work, given ? GIVEN : NULL) == 0);
    wait_for(&ready);
}

#endif
