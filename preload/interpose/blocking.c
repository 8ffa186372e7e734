/*
 * The calls that can block; see regions.h for what a safe region is and blocking.def for the list.
 *
 * Runs in program threads. Each wrapper enters the region, makes the call, leaves; a call
 * that only `seep collect` interrupted is made again (again.h).
 * fcntl takes its argument as it comes.
 */
#include <errno.h>
#include <stdarg.h>

#include "again.h"
#include "regions.h"

#define BLOCKING_BODY(result, name, parameters, arguments, before, then)                           \
    result name parameters;                                                                        \
    REAL_EXPORT result name parameters                                                             \
    {                                                                                              \
        if (__builtin_expect(real.name == NULL, 0))                                                \
            guard_start();                                                                         \
        before;                                                                                    \
        REGION();                                                                                  \
        return AGAIN(result, real.name arguments, then);                                           \
    }
#define BLOCKING(result, name, parameters, arguments)                                              \
    BLOCKING_BODY(result, name, parameters, arguments, (void)0, (void)0)
#define BLOCKING_MS(result, name, parameters, arguments)                                           \
    BLOCKING_BODY(result, name, parameters, arguments, struct again_time time;                     \
                  again_begin(&time, timeout_ms > 0 ? (uint64_t)timeout_ms * 1000000 : 0),         \
                  timeout_ms = again_left_ms(&time, timeout_ms))
#define BLOCKING_FOR(result, name, parameters, arguments)                                          \
    BLOCKING_BODY(result, name, parameters, arguments, struct again_time time;                     \
                  again_begin(&time, again_ns_of(timeout)), timeout = again_left(&time, timeout))
#include "blocking.def"
#undef BLOCKING
#undef BLOCKING_MS
#undef BLOCKING_FOR

#undef fcntl
int fcntl(int fd, int command, ...);

REAL_EXPORT int fcntl(int fd, int command, ...)
{
    va_list list;
    va_start(list, command);
    void *argument = va_arg(list, void *);
    va_end(list);
    if (real.fcntl == NULL)
        guard_start();
    if (command != F_SETLKW && command != F_OFD_SETLKW)
        return real.fcntl(fd, command, argument);
    REGION();
    return real.fcntl(fd, command, argument);
}

REAL_EXPORT int fcntl64(int fd, int command, ...) __attribute__((alias("fcntl")));

/* A handler that interrupted a blocking call jumps out of it: the region is over. */
#define BLOCKING_JUMP(name)                                                                        \
    void name(struct __jmp_buf_tag environment[1], int value) __attribute__((noreturn));           \
    REAL_EXPORT void name(struct __jmp_buf_tag environment[1], int value)                          \
    {                                                                                              \
        if (real.name == NULL)                                                                     \
            guard_start();                                                                         \
        thread_region_end(&thread_self);                                                           \
        real.name(environment, value);                                                             \
        __builtin_unreachable();                                                                   \
    }
BLOCKING_JUMP(longjmp)
BLOCKING_JUMP(_longjmp)
BLOCKING_JUMP(siglongjmp)
BLOCKING_JUMP(__longjmp_chk)
