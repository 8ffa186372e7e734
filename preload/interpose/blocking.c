/*
 * The calls that can block; see regions.h for what a safe region is and blocking.def for the list.
 *
 * Runs in program threads. Each wrapper enters the region, makes the call, leaves: nothing else.
 * fcntl takes its argument as it comes; the wait functions besides keep the snapshot, which is a
 * child without SIGCHLD, from callers that ask for such children.
 */
#include <errno.h>
#include <stdarg.h>
#include <sys/wait.h>

#include "blocking.h"
#include "regions.h"

#define BLOCKING(result, name, parameters, arguments)                                              \
    result name parameters;                                                                        \
    REAL_EXPORT result name parameters                                                             \
    {                                                                                              \
        if (__builtin_expect(real.name == NULL, 0))                                                \
            guard_start();                                                                         \
        REGION();                                                                                  \
        return real.name arguments;                                                                \
    }
#include "blocking.def"
#undef BLOCKING

int blocking_hidden_child; /* see blocking.h */

static bool blocking_is_hidden(pid_t pid, int options)
{
    return pid > 0 && ((unsigned)options & (__WALL | __WCLONE)) != 0 &&
           pid == __atomic_load_n(&blocking_hidden_child, __ATOMIC_RELAXED);
}

REAL_EXPORT pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
    if (real.wait4 == NULL)
        guard_start();
    REGION();
    pid_t found;
    do
        found = real.wait4(pid, status, options, usage);
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
    int result;
    do
        result = real.waitid(type, id, info, options);
    while (result == 0 && info != NULL && blocking_is_hidden(info->si_pid, options));
    return result;
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
