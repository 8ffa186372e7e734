/*
 * The calls that only wait for time to pass: safe regions (regions.h) that go on after a request of
 * `seep collect` (again.h), for as long as is left.
 *
 * Runs in program threads. All of them are nanosleep in libc; they are wrapped one by one, since
 * libc calls its own.
 */
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include "again.h"
#include "regions.h"

static inline void sleeping_start(void)
{
    if (__builtin_expect(real.nanosleep == NULL, 0))
        guard_start();
}

REAL_EXPORT int nanosleep(const struct timespec *wanted, struct timespec *left)
{
    struct again_time time;
    sleeping_start();
    again_begin(&time, again_ns_of(wanted));
    REGION();
    return AGAIN(int, real.nanosleep(wanted, left), wanted = again_left(&time, wanted));
}

REAL_EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted,
                                struct timespec *left)
{
    struct again_time time;
    sleeping_start();
    again_begin(&time, again_ns_of(wanted));
    REGION();
    int error;
    for (uint32_t asked = thread_self.asked;
         (error = real.clock_nanosleep(clock, flags, wanted, left)) == EINTR &&
         asked != thread_self.asked;
         asked = thread_self.asked)
        if ((flags & TIMER_ABSTIME) == 0)
            wanted = again_left(&time, wanted);
    return error;
}

REAL_EXPORT unsigned sleep(unsigned seconds)
{
    struct again_time time;
    sleeping_start();
    again_begin(&time, seconds * 1000000000ull);
    REGION();
    uint32_t asked = thread_self.asked;
    unsigned left = real.sleep(seconds);
    if (left == 0 || asked == thread_self.asked)
        return left;
    int saved = errno;
    struct timespec all = {0};
    const struct timespec *rest = again_left(&time, &all);
    bool is_over = AGAIN(int, real.nanosleep(rest, NULL), rest = again_left(&time, &all)) == 0;
    errno = saved;
    return is_over ? 0 : (unsigned)((again_left_ns(&time) + 500000000u) / 1000000000u);
}

REAL_EXPORT int usleep(useconds_t microseconds)
{
    struct again_time time;
    sleeping_start();
    again_begin(&time, microseconds * 1000ull);
    REGION();
    return AGAIN(int, real.usleep(microseconds),
                 microseconds = (useconds_t)(again_left_ns(&time) / 1000));
}

REAL_EXPORT int thrd_sleep(const struct timespec *wanted, struct timespec *left)
{
    struct again_time time;
    sleeping_start();
    again_begin(&time, again_ns_of(wanted));
    REGION();
    int result;
    for (uint32_t asked = thread_self.asked;
         (result = real.thrd_sleep(wanted, left)) == -1 && asked != thread_self.asked;
         asked = thread_self.asked)
        wanted = again_left(&time, wanted);
    return result;
}
