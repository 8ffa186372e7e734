/*
 * A library that leaks in whatever program it is preloaded to: at its start, and in every 16th call
 * of some functions that servers call, up to 300 times. Each loss is a block that holds two more.
 *
 * It comes before libseep.so: its calls reach that one's functions, as a program's do.
 */
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { AT_START = 20, MOST = 300, CALLS = 16 };

static atomic_uint calls, losses;

static void *make(size_t bytes)
{
    void *block = malloc(bytes);
    if (block != NULL)
        memset(block, 0, bytes);
    __asm__ volatile("" : "+r"(block) : : "memory"); /* no compiler removes it */
    return block;
}

__attribute__((noinline)) static void lose(unsigned number)
{
    int error = errno;
    void **block = make(40 + number % 32 * 8);
    if (block != NULL) {
        block[2] = make(24 + number % 7 * 4);
        block[3] = make(200 + number % 5 * 1000);
    }
    errno = error;
}

static void lose_sometimes(void)
{
    if (atomic_fetch_add(&calls, 1) % CALLS == 0 && atomic_load(&losses) < MOST)
        lose(atomic_fetch_add(&losses, 1));
}

__attribute__((constructor)) static void lose_at_start(void)
{
    for (unsigned i = 0; i < AT_START; i++)
        lose(i);
}

#define PASSED_ON(type, name, parameters, arguments)                                               \
    __attribute__((visibility("default"))) type name parameters                                    \
    {                                                                                              \
        static type(*real) parameters;                                                             \
        if (real == NULL)                                                                          \
            real = (type(*) parameters)dlsym(RTLD_NEXT, #name);                                    \
        lose_sometimes();                                                                          \
        return real arguments;                                                                     \
    }

PASSED_ON(int, epoll_wait, (int fd, struct epoll_event *events, int most, int timeout),
          (fd, events, most, timeout))
PASSED_ON(int, epoll_pwait,
          (int fd, struct epoll_event *events, int most, int timeout, const sigset_t *mask),
          (fd, events, most, timeout, mask))
PASSED_ON(int, poll, (struct pollfd * fds, nfds_t count, int timeout), (fds, count, timeout))
PASSED_ON(ssize_t, read, (int fd, void *into, size_t bytes), (fd, into, bytes))
PASSED_ON(ssize_t, recv, (int fd, void *into, size_t bytes, int flags), (fd, into, bytes, flags))
