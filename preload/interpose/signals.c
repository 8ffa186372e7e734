/*
 * Masks, waits and actions: programs that block every signal must not lock us out, and no program
 * sees our signal. Each wrapper drops it from the set that is passed on.
 *
 * Runs in program threads and signal handlers; async-signal-safe where the wrapped function is.
 */
#include "signals.h"

#include <errno.h>
#include <string.h>

#include "../base/sys.h"
#include "again.h"
#include "fatal.h"
#include "foreign.h"
#include "regions.h"

int signals_ours; /* see signals.h */

/* `set` without our signal, in `*copy`; `set` itself when there is nothing to drop. */
static const sigset_t *signals_without(const sigset_t *set, sigset_t *copy)
{
    if (set == NULL || signals_ours == 0 || sigismember(set, signals_ours) != 1)
        return set;
    *copy = *set;
    sigdelset(copy, signals_ours);
    return copy;
}

static inline void signals_start(void)
{
    if (__builtin_expect(real.sigaction == NULL, 0))
        guard_start();
}

enum { SIGNALS_PRETEND_BLOCKED = 1, SIGNALS_PRETEND_OPEN = 2 };

/* Whether the program believes that our signal is blocked in this thread. A thread that has said
 * nothing of it has inherited its mask: there our signal would be as its neighbour is. */
bool foreign_is_blocked(const ucontext_t *context)
{
    uint64_t mask = 0;
    if (thread_self.pretends == 0 && signals_ours != 0) {
        if (context != NULL)
            memcpy(&mask, &context->uc_sigmask, sizeof mask);
        else
            sys_call(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, sizeof mask);
        bool neighbour_is_blocked = (mask >> (signals_ours - 2) & 1) != 0;
        thread_self.pretends =
            neighbour_is_blocked ? SIGNALS_PRETEND_BLOCKED : SIGNALS_PRETEND_OPEN;
    }
    return thread_self.pretends == SIGNALS_PRETEND_BLOCKED;
}

/* What the program believes of our signal in this thread: blocked or not. */
static void signals_pretend(int how, const sigset_t *set, sigset_t *old, bool was)
{
    if (signals_ours == 0)
        return;
    if (old != NULL && was)
        sigaddset(old, signals_ours);
    if (set == NULL)
        return;
    bool named = sigismember(set, signals_ours) == 1;
    if (how == SIG_SETMASK)
        thread_self.pretends = named ? SIGNALS_PRETEND_BLOCKED : SIGNALS_PRETEND_OPEN;
    else if (named)
        thread_self.pretends = how == SIG_BLOCK ? SIGNALS_PRETEND_BLOCKED : SIGNALS_PRETEND_OPEN;
    if (thread_self.pretends == SIGNALS_PRETEND_OPEN)
        foreign_unblocked();
}

REAL_EXPORT int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    sigset_t copy;
    signals_start();
    const sigset_t *passed = signals_without(set, &copy);
    sigset_t wanted = set != NULL ? *set : (sigset_t){0}; /* `old` may be the same object */
    bool was = foreign_is_blocked(NULL);
    int result = real.sigprocmask(how, passed, old);
    if (result == 0)
        signals_pretend(how, set != NULL ? &wanted : NULL, old, was);
    return result;
}

REAL_EXPORT int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    sigset_t copy;
    signals_start();
    const sigset_t *passed = signals_without(set, &copy);
    sigset_t wanted = set != NULL ? *set : (sigset_t){0};
    bool was = foreign_is_blocked(NULL);
    int result = real.pthread_sigmask(how, passed, old);
    if (result == 0)
        signals_pretend(how, set != NULL ? &wanted : NULL, old, was);
    return result;
}

REAL_EXPORT int pthread_attr_setsigmask_np(pthread_attr_t *attributes, const sigset_t *set)
{
    sigset_t copy;
    signals_start();
    return real.pthread_attr_setsigmask_np(attributes, signals_without(set, &copy));
}

REAL_EXPORT int sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
    signals_start();
    if (number == signals_ours && number != 0) {
        foreign_sigaction(action, old);
        return 0;
    }
    struct sigaction copy;
    if (action != NULL) {
        copy = *action;
        if (signals_ours != 0)
            sigdelset(&copy.sa_mask, signals_ours);
        fatal_put_in(number, &copy);
        action = &copy;
    }
    int result = real.sigaction(number, action, old);
    if (result == 0 && old != NULL)
        fatal_take_out(old);
    return result;
}

/* Puts right what a function of glibc's own says of the former handler, and SIG_DFL. */
static sighandler_t signals_after(int number, sighandler_t handler, sighandler_t former)
{
    struct sigaction before = {.sa_handler = former};
    if (former == SIG_ERR)
        return SIG_ERR;
    fatal_take_out(&before);
    struct sigaction now;
    if (handler == SIG_DFL && real.sigaction(number, NULL, &now) == 0) {
        fatal_put_in(number, &now);
        real.sigaction(number, &now, NULL);
    }
    return before.sa_handler;
}

REAL_EXPORT sighandler_t signal(int number, sighandler_t handler)
{
    signals_start();
    /* glibc's own remembers what siginterrupt was told, so it sets the handler; what it tells of
     * the former one, and SIG_DFL, are then put right. */
    struct sigaction old = {0};
    if (number == signals_ours && number != 0) {
        struct sigaction pretended = {.sa_handler = handler};
        return sigaction(number, &pretended, &old) == 0 ? old.sa_handler : SIG_ERR;
    }
    return signals_after(number, handler, real.signal(number, handler));
}

/* The alternate signal stack may be known to nobody but the kernel, and is then a root. */
REAL_EXPORT int sigaltstack(const stack_t *stack, stack_t *old)
{
    signals_start();
    int result = real.sigaltstack(stack, old);
    if (result == 0 && stack != NULL && guard_is_recording()) {
        bool is_off = (stack->ss_flags & SS_DISABLE) != 0;
        struct thread_place *place = thread_place_of(&thread_self);
        place->signal_stack = is_off ? 0 : (uintptr_t)stack->ss_sp;
        place->signal_stack_bytes = is_off ? 0 : stack->ss_size;
    }
    return result;
}

/* Other names of signal(), each with flags of its own. */
#define SIGNALS_NAME(name)                                                                         \
    sighandler_t name(int number, sighandler_t handler);                                           \
    REAL_EXPORT sighandler_t name(int number, sighandler_t handler)                                \
    {                                                                                              \
        signals_start();                                                                           \
        if (number == signals_ours)                                                                \
            return signal(number, handler);                                                        \
        return signals_after(number, handler, real.name(number, handler));                         \
    }
SIGNALS_NAME(sigset)
SIGNALS_NAME(__sysv_signal)
SIGNALS_NAME(sysv_signal)
SIGNALS_NAME(bsd_signal)
SIGNALS_NAME(ssignal)

REAL_EXPORT int sigwait(const sigset_t *set, int *number)
{
    sigset_t copy;
    signals_start();
    REGION();
    return real.sigwait(signals_without(set, &copy), number);
}

REAL_EXPORT int sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
    sigset_t copy;
    signals_start();
    REGION();
    return AGAIN(int, real.sigwaitinfo(signals_without(set, &copy), info), (void)0);
}

REAL_EXPORT int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
    sigset_t copy;
    signals_start();
    struct again_time time;
    again_begin(&time, again_ns_of(timeout));
    REGION();
    return AGAIN(int, real.sigtimedwait(signals_without(set, &copy), info, timeout),
                 timeout = again_left(&time, timeout));
}

REAL_EXPORT int sigsuspend(const sigset_t *set)
{
    sigset_t copy;
    signals_start();
    REGION();
    return AGAIN(int, real.sigsuspend(signals_without(set, &copy)), (void)0);
}

REAL_EXPORT int signalfd(int fd, const sigset_t *set, int flags)
{
    sigset_t copy;
    signals_start();
    return real.signalfd(fd, signals_without(set, &copy), flags);
}

REAL_EXPORT int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                      const sigset_t *set)
{
    sigset_t copy;
    signals_start();
    struct again_time time;
    again_begin(&time, again_ns_of(timeout));
    REGION();
    return AGAIN(int, real.ppoll(fds, count, timeout, signals_without(set, &copy)),
                 timeout = again_left(&time, timeout));
}

int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                const sigset_t *set, size_t room);

REAL_EXPORT int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                            const sigset_t *set, size_t room)
{
    sigset_t copy;
    signals_start();
    struct again_time time;
    again_begin(&time, again_ns_of(timeout));
    REGION();
    return AGAIN(int, real.__ppoll_chk(fds, count, timeout, signals_without(set, &copy), room),
                 timeout = again_left(&time, timeout));
}

REAL_EXPORT int pselect(int count, fd_set *reads, fd_set *writes, fd_set *excepts,
                        const struct timespec *timeout, const sigset_t *set)
{
    sigset_t copy;
    signals_start();
    struct again_time time;
    again_begin(&time, again_ns_of(timeout));
    REGION();
    return AGAIN(int,
                 real.pselect(count, reads, writes, excepts, timeout, signals_without(set, &copy)),
                 timeout = again_left(&time, timeout));
}

REAL_EXPORT int epoll_pwait(int fd, struct epoll_event *events, int most, int timeout_ms,
                            const sigset_t *set)
{
    sigset_t copy;
    signals_start();
    struct again_time time;
    again_begin(&time, timeout_ms > 0 ? (uint64_t)timeout_ms * 1000000 : 0);
    REGION();
    return AGAIN(int, real.epoll_pwait(fd, events, most, timeout_ms, signals_without(set, &copy)),
                 timeout_ms = again_left_ms(&time, timeout_ms));
}

REAL_EXPORT int epoll_pwait2(int fd, struct epoll_event *events, int most,
                             const struct timespec *timeout, const sigset_t *set)
{
    sigset_t copy;
    signals_start();
    struct again_time time;
    again_begin(&time, again_ns_of(timeout));
    REGION();
    return AGAIN(int, real.epoll_pwait2(fd, events, most, timeout, signals_without(set, &copy)),
                 timeout = again_left(&time, timeout));
}
