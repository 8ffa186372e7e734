/*
 * The calls that can block; see regions.h for what a safe region is and blocking.def for the list.
 *
 * Runs in program threads. Each wrapper enters the region, makes the call, leaves; a call
 * that only `seep collect` interrupted is made again (again.h).
 * fcntl takes its argument as it comes; the wait functions besides keep the snapshot, which is a
 * child without SIGCHLD, from callers that ask for such children.
 */
#include <errno.h>
#include <stdarg.h>
#include <sys/wait.h>

#include "again.h"
#include "blocking.h"
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

int blocking_hidden_child; /* see blocking.h */

/* The child that a wait of the program took before the library's own, which has said so already:
 * that wait is on its way to hide it. Atomic. */
static int blocking_taken_child;

static bool blocking_clear(int *child, int pid)
{
    return __atomic_compare_exchange_n(child, &pid, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static bool blocking_is_hidden(pid_t pid, int options)
{
    return pid > 0 && ((unsigned)options & (__WALL | __WCLONE)) != 0 &&
           (blocking_clear(&blocking_hidden_child, pid) ||
            blocking_clear(&blocking_taken_child, pid));
}

void blocking_child_is_over(int pid, int status)
{
    if (status == -ECHILD)
        __atomic_store_n(&blocking_taken_child, pid, __ATOMIC_SEQ_CST);
    if (!blocking_clear(&blocking_hidden_child, pid)) /* was hidden meanwhile */
        __atomic_store_n(&blocking_taken_child, 0, __ATOMIC_SEQ_CST);
}

REAL_EXPORT pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
    if (real.wait4 == NULL)
        guard_start();
    REGION();
    pid_t found;
    do
        found = AGAIN(pid_t, real.wait4(pid, status, options, usage), (void)0);
    while (blocking_is_hidden(found, options));
    return found;
}

REAL_EXPORT pid_t wait3(int *status, int options, struct rusage *usage)
{
    return wait4(-1, status, options, usage);
}

REAL_EXPORT pid_t waitpid(pid_t pid, int *status, int options)
{
    return wait4(pid, status, options, NULL);
}

REAL_EXPORT int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
    if (real.waitid == NULL)
        guard_start();
    REGION();
    siginfo_t own;
    siginfo_t *found = info != NULL ? info : &own;
    for (;;) {
        found->si_pid = 0;
        int result = real.waitid(type, id, found, options);
        if (result != 0 || !blocking_is_hidden(found->si_pid, options))
            return result;
        if ((options & WNOWAIT) != 0) /* it would be found again and again */
            real.waitid(P_PID, (id_t)found->si_pid, NULL, (int)(WEXITED | __WALL));
    }
}

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
