/*
 * The next functions: what a wrapper calls. The list of wrapped functions exists once, here
 * and in blocking.def.
 *
 * real_start looks all of them up with RTLD_NEXT, in the first call of any wrapper, before main and
 * before there are threads. A function that no later module defines stays NULL.
 */
#ifndef SEEP_INTERPOSE_REAL_H
#define SEEP_INTERPOSE_REAL_H

#include <aio.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <threads.h>

#include "../base/hot.h"

typedef int real_main_function(int, char **, char **);

/* X(result, name, parameters): allocators first, since looking up the rest may allocate. */
#define REAL_FUNCTIONS(X)                                                                          \
    X(void *, malloc, (size_t))                                                                    \
    X(void *, calloc, (size_t, size_t))                                                            \
    X(void *, realloc, (void *, size_t))                                                           \
    X(void, free, (void *))                                                                        \
    X(void *, reallocarray, (void *, size_t, size_t))                                              \
    X(int, posix_memalign, (void **, size_t, size_t))                                              \
    X(void *, aligned_alloc, (size_t, size_t))                                                     \
    X(void *, memalign, (size_t, size_t))                                                          \
    X(void *, valloc, (size_t))                                                                    \
    X(void *, pvalloc, (size_t))                                                                   \
    X(size_t, malloc_usable_size, (void *))                                                        \
    X(struct mallinfo, mallinfo, (void))                                                           \
    X(struct mallinfo2, mallinfo2, (void))                                                         \
    X(int, malloc_trim, (size_t))                                                                  \
    X(void, malloc_stats, (void))                                                                  \
    X(int, malloc_info, (int, FILE *))                                                             \
    X(int, mallopt, (int, int))                                                                    \
    X(void *, mmap, (void *, size_t, int, int, int, off_t))                                        \
    X(int, madvise, (void *, size_t, int))                                                         \
    X(int, munmap, (void *, size_t))                                                               \
    X(void *, mremap, (void *, size_t, size_t, int, ...))                                          \
    X(int, sigprocmask, (int, const sigset_t *, sigset_t *))                                       \
    X(int, pthread_sigmask, (int, const sigset_t *, sigset_t *))                                   \
    X(sighandler_t, signal, (int, sighandler_t))                                                   \
    X(sighandler_t, sigset, (int, sighandler_t))                                                   \
    X(sighandler_t, __sysv_signal, (int, sighandler_t))                                            \
    X(sighandler_t, sysv_signal, (int, sighandler_t))                                              \
    X(sighandler_t, bsd_signal, (int, sighandler_t))                                               \
    X(sighandler_t, ssignal, (int, sighandler_t))                                                  \
    X(int, sigaction, (int, const struct sigaction *, struct sigaction *))                         \
    X(int, sigaltstack, (const stack_t *, stack_t *))                                              \
    X(int, sigwait, (const sigset_t *, int *))                                                     \
    X(int, sigwaitinfo, (const sigset_t *, siginfo_t *))                                           \
    X(int, sigtimedwait, (const sigset_t *, siginfo_t *, const struct timespec *))                 \
    X(int, sigsuspend, (const sigset_t *))                                                         \
    X(int, signalfd, (int, const sigset_t *, int))                                                 \
    X(int, ppoll, (struct pollfd *, nfds_t, const struct timespec *, const sigset_t *))            \
    X(int, __ppoll_chk,                                                                            \
      (struct pollfd *, nfds_t, const struct timespec *, const sigset_t *, size_t))                \
    X(int, pselect,                                                                                \
      (int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *))              \
    X(int, epoll_pwait, (int, struct epoll_event *, int, int, const sigset_t *))                   \
    X(int, epoll_pwait2,                                                                           \
      (int, struct epoll_event *, int, const struct timespec *, const sigset_t *))                 \
    X(int, pthread_attr_setsigmask_np, (pthread_attr_t *, const sigset_t *))                       \
    X(int, __libc_start_main,                                                                      \
      (real_main_function *, int, char **, void (*)(void), void (*)(void), void (*)(void),         \
       void *))                                                                                    \
    X(void, exit, (int))                                                                           \
    X(void, _exit, (int))                                                                          \
    X(void, quick_exit, (int))                                                                     \
    X(pid_t, fork, (void))                                                                         \
    X(pid_t, _Fork, (void))                                                                        \
    X(int, execve, (const char *, char *const[], char *const[]))                                   \
    X(int, execv, (const char *, char *const[]))                                                   \
    X(int, execvp, (const char *, char *const[]))                                                  \
    X(int, execvpe, (const char *, char *const[], char *const[]))                                  \
    X(int, fexecve, (int, char *const[], char *const[]))                                           \
    X(int, execveat, (int, const char *, char *const[], char *const[], int))                       \
    X(int, posix_spawn,                                                                            \
      (pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,       \
       char *const[], char *const[]))                                                              \
    X(int, posix_spawnp,                                                                           \
      (pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,       \
       char *const[], char *const[]))                                                              \
    X(int, dlclose, (void *))                                                                      \
    X(pid_t, wait4, (pid_t, int *, int, struct rusage *))                                          \
    X(int, waitid, (idtype_t, id_t, siginfo_t *, int))                                             \
    X(int, nanosleep, (const struct timespec *, struct timespec *))                                \
    X(int, clock_nanosleep, (clockid_t, int, const struct timespec *, struct timespec *))          \
    X(unsigned, sleep, (unsigned))                                                                 \
    X(int, usleep, (useconds_t))                                                                   \
    X(int, thrd_sleep, (const struct timespec *, struct timespec *))                               \
    X(int, fcntl, (int, int, ...))                                                                 \
    X(void, longjmp, (struct __jmp_buf_tag *, int))                                                \
    X(void, _longjmp, (struct __jmp_buf_tag *, int))                                               \
    X(void, siglongjmp, (struct __jmp_buf_tag *, int))                                             \
    X(void, __longjmp_chk, (struct __jmp_buf_tag *, int))                                          \
    X(int, prctl, (int, ...))                                                                      \
    X(long, syscall, (long, ...))

struct real {
#define X(result, name, parameters) result(*name) parameters;
    REAL_FUNCTIONS(X)
#undef X
#define BLOCKING(result, name, parameters, arguments) result(*name) parameters;
#include "blocking.def"
#undef BLOCKING
    size_t least_bytes; /* the smallest request to pass on: keeps two starts out of one slot */
} __attribute__((aligned(64))); /* the allocators, which come first, in one cache line */

extern struct real real HOT; /* set once by real_start */

/* Returns false when the next allocator was not found. */
bool real_start(void);

/* Marks a wrapper: the only symbols that the library exports. */
#define REAL_EXPORT __attribute__((visibility("default")))

#endif
