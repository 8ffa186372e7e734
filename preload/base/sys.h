/*
 * System calls as the library makes them: raw, so that no wrapper of ours, no errno and no
 * cancellation point is in between. All return 0 or a value, or a negative errno.
 *
 * Runs anywhere: program threads, signal handlers, the snapshot.
 */
#ifndef SEEP_BASE_SYS_H
#define SEEP_BASE_SYS_H

#include <fcntl.h>
#include <linux/futex.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>

#include "sys_x86_64.h"

/* sys_call(number, up to six arguments): missing ones are 0. */
#define SYS_ARG7(number, a, b, c, d, e, f, ...)                                                    \
    sys_call6((number), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define sys_call(...) SYS_ARG7(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

static inline int sys_getpid(void)
{
    return (int)sys_call(SYS_getpid);
}

static inline int sys_gettid(void)
{
    return (int)sys_call(SYS_gettid);
}

static inline int sys_open(const char *path, int flags, int mode)
{
    return (int)sys_call(SYS_openat, AT_FDCWD, path, flags, mode);
}

static inline int sys_close(int fd)
{
    return (int)sys_call(SYS_close, fd);
}

static inline ssize_t sys_read(int fd, void *buffer, size_t bytes)
{
    return sys_call(SYS_read, fd, buffer, bytes);
}

static inline ssize_t sys_write(int fd, const void *buffer, size_t bytes)
{
    return sys_call(SYS_write, fd, buffer, bytes);
}

static inline int sys_futex_wait(const uint32_t *word, uint32_t expected,
                                 const struct timespec *timeout)
{
    return (int)sys_call(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, timeout);
}

static inline int sys_futex_wake(const uint32_t *word, int count)
{
    return (int)sys_call(SYS_futex, word, FUTEX_WAKE_PRIVATE, count);
}

/* Reads up to `bytes` of a file, stopping at its end. Returns the bytes read. */
static inline ssize_t sys_read_file(const char *path, void *buffer, size_t bytes)
{
    int fd = sys_open(path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return fd;
    size_t have = 0;
    ssize_t got = 0;
    while (have < bytes && (got = sys_read(fd, (char *)buffer + have, bytes - have)) > 0)
        have += (size_t)got;
    sys_close(fd);
    return got < 0 ? got : (ssize_t)have;
}

#endif
