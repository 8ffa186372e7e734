/*
 * Calls that `seep collect` interrupted go on.
 *
 * An idle program has no thread that could look whether a collection is wanted, so `seep collect`
 * sends it our signal; the calls that SA_RESTART does not restart then return EINTR. Where nothing
 * but our handler ran (it counts in thread_self.asked) the wrapper makes the call again, with what
 * is left of its timeout. A signal of the program that comes within the very same call, as long as
 * a collection takes, is then seen by its handler but not by the call.
 *
 * Collections that are not asked for interrupt nothing: see regions.h. Runs in program threads.
 */
#ifndef SEEP_INTERPOSE_AGAIN_H
#define SEEP_INTERPOSE_AGAIN_H

#include <errno.h>

#include "../base/clock.h"
#include "guard.h"

/* Did a request interrupt the call that just failed? `*asked` is what the count was before. */
static inline bool again_is_due(uint32_t *asked)
{
    if (__builtin_expect(errno != EINTR || thread_self.asked == *asked, 1))
        return false;
    *asked = thread_self.asked;
    return true;
}

/* A timeout that counts down from now on. */
struct again_time {
    uint64_t until_ns;
    struct timespec left;
};

static inline void again_begin(struct again_time *time, uint64_t wait_ns)
{
    time->until_ns = clock_now_ns() + wait_ns;
}

static inline uint64_t again_left_ns(const struct again_time *time)
{
    uint64_t now = clock_now_ns();
    return now < time->until_ns ? time->until_ns - now : 0;
}

/* For a timeout in milliseconds, -1 for none; rounded up. */
static inline int again_left_ms(const struct again_time *time, int timeout_ms)
{
    return timeout_ms <= 0 ? timeout_ms : (int)((again_left_ns(time) + 999999) / 1000000);
}

static inline uint64_t again_ns_of(const struct timespec *time)
{
    return time == NULL ? 0 : (uint64_t)time->tv_sec * 1000000000u + (uint64_t)time->tv_nsec;
}

/* For a timeout in a timespec, NULL for none. */
static inline struct timespec *again_left(struct again_time *time, const struct timespec *timeout)
{
    uint64_t left_ns = again_left_ns(time);
    time->left = (struct timespec){(time_t)(left_ns / 1000000000u), (long)(left_ns % 1000000000u)};
    return timeout == NULL ? NULL : &time->left;
}

/* The value of `call`, made again where it is due; `then` is done before. */
#define AGAIN(result, call, then)                                                                  \
    __extension__({                                                                                \
        uint32_t again_asked = thread_self.asked;                                                  \
        result again_value;                                                                        \
        while ((again_value = (call)) == (result)-1 && again_is_due(&again_asked))                 \
            then;                                                                                  \
        again_value;                                                                               \
    })

#endif
