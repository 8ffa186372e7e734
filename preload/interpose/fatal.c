/*
 * The handler of signals that end the process; see fatal.h.
 *
 * fatal_handler runs in any program thread, which it may have interrupted anywhere, inside the
 * allocator too: raw system calls only, here and in what hooks.killed does. It first gives the
 * signals back their default action, so that a second one ends the program at once.
 */
#include "fatal.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "../base/sys.h"
#include "guard.h"

/* Marks what fatal_start put in: a signal that the program never touched has no flags at all, where
 * one that it set has libc's own. The flag means nothing for these signals. */
#define FATAL_FIRST SA_NOCLDSTOP

static const int fatal_numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGABRT};

static bool fatal_is_on; /* set once by fatal_start, before main */

static void fatal_handler(int number, siginfo_t *info, void *context);

static bool fatal_has(int number)
{
    for (size_t i = 0; i < sizeof fatal_numbers / sizeof *fatal_numbers; i++)
        if (fatal_numbers[i] == number)
            return true;
    return false;
}

void fatal_put_in(int number, struct sigaction *action)
{
    if (!fatal_is_on || !fatal_has(number) || action->sa_handler != SIG_DFL)
        return;
    action->sa_sigaction = fatal_handler;
    action->sa_flags |= SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
}

void fatal_take_out(struct sigaction *action)
{
    if (action->sa_sigaction != fatal_handler)
        return;
    action->sa_handler = SIG_DFL;
    action->sa_flags &= ~(SA_SIGINFO | SA_ONSTACK | SA_NODEFER);
    if ((action->sa_flags & FATAL_FIRST) != 0)
        action->sa_flags = 0;
}

static void fatal_default(int number)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    real.sigaction(number, &action, NULL);
}

static void fatal_handler(int number, siginfo_t *info, void *context)
{
    (void)info;
    int saved = errno;
    for (size_t i = 0; i < sizeof fatal_numbers / sizeof *fatal_numbers; i++) {
        struct sigaction now;
        if (real.sigaction(fatal_numbers[i], NULL, &now) == 0 && now.sa_sigaction == fatal_handler)
            fatal_default(fatal_numbers[i]);
    }
    if (hooks.killed != NULL)
        hooks.killed(number, context);
    uint64_t one = 1ull << (number - 1);
    sys_call(SYS_tgkill, sys_getpid(), sys_gettid(), number);
    sys_call(SYS_rt_sigprocmask, SIG_UNBLOCK, &one, NULL, sizeof one);
    errno = saved;
}

void fatal_end(int number, void *context)
{
    if (sys_getpid() == 1)
        return; /* the kernel ignores it, too */
    fatal_default(number);
    fatal_handler(number, NULL, context);
}

void fatal_start(void)
{
    if (sys_getpid() == 1)
        return; /* the kernel ignores what process 1 of a namespace has no handler for */
    fatal_is_on = true;
    for (size_t i = 0; i < sizeof fatal_numbers / sizeof *fatal_numbers; i++) {
        struct sigaction action;
        if (real.sigaction(fatal_numbers[i], NULL, &action) != 0 || action.sa_handler != SIG_DFL)
            continue;
        fatal_put_in(fatal_numbers[i], &action);
        action.sa_flags |= FATAL_FIRST;
        real.sigaction(fatal_numbers[i], &action, NULL);
    }
}
