/*
 * What the programs of this folder share: a thread that allocates all the time, so that a
 * collection comes whenever one is due, and a clock. Nothing here knows of Seep.
 */
#ifndef SEEP_TESTS_LIVE_H
#define SEEP_TESTS_LIVE_H

#include <errno.h>
#include <stdatomic.h>
#include <time.h>

#include "claim.h"

static inline bool live_is_full(void)
{
    return getenv("SEEP_FULL") != NULL;
}

/* The short or the long form of a number. */
static inline int live_count(int by_default, int full)
{
    return live_is_full() ? full : by_default;
}

static inline double live_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static atomic_int live_churn_ends;

/* Allocates and frees, a few blocks alive at a time, and leaves some of the processor to others. */
static void *live_churn(void *unused)
{
    void *blocks[16] = {0};
    (void)unused;
    for (unsigned i = 0; !live_churn_ends; i++) {
        free(blocks[i % 16]);
        blocks[i % 16] = malloc(16 + i % 300);
        if (i % 256 == 0)
            sched_yield();
        if (i % 4096 == 0) { /* a futex wait inside libc: no call that Seep knows */
            struct timespec moment;
            static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
            static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
            clock_gettime(CLOCK_REALTIME, &moment);
            moment.tv_nsec += 1000000;
            moment.tv_sec += moment.tv_nsec / 1000000000;
            moment.tv_nsec %= 1000000000;
            pthread_mutex_lock(&mutex);
            pthread_cond_timedwait(&never, &mutex, &moment);
            pthread_mutex_unlock(&mutex);
        }
    }
    for (int i = 0; i < 16; i++)
        free(blocks[i]);
    return NULL;
}

static inline pthread_t live_churn_begin(void)
{
    pthread_t thread;
    must(pthread_create(&thread, NULL, live_churn, NULL) == 0);
    return thread;
}

static inline void live_churn_end(pthread_t thread)
{
    live_churn_ends = 1;
    must(pthread_join(thread, NULL) == 0);
}

/* Says what does not hold and remembers it for live_status. */
static atomic_int live_complaints;

#define LIVE_CLAIM(holds, ...)                                                                     \
    do {                                                                                           \
        if (!(holds) && live_complaints++ < 30) {                                                  \
            char live_text[300];                                                                   \
            int live_length = snprintf(live_text, sizeof live_text, __VA_ARGS__);                  \
            live_text[live_length] = '\n';                                                         \
            must(write(STDERR_FILENO, live_text, (size_t)live_length + 1) > 0);                    \
        }                                                                                          \
    } while (0)

static inline int live_status(void)
{
    return live_complaints == 0 ? 0 : 1;
}

#endif
