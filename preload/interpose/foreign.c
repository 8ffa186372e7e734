/*
 * A program's own use of the signal that stops threads; see signals_foreign in signals.h.
 *
 * Runs in that signal's handler and, for what was kept while blocked, in the wrappers of
 * sigprocmask: raw system calls. The program's handler may do what it likes, leave by longjmp too.
 */
#include "foreign.h"

#include <errno.h>
#include <string.h>

#include "../base/sys.h"
#include "fatal.h"
#include "guard.h"
#include "signals.h"

/* The action that the program believes our signal to have. Written by sigaction, which programs
 * call for this signal hardly ever; a torn read would only show in what sigaction gives back. */
static struct sigaction foreign_action;

/* What came while it was pretended to be blocked: the last of them. Atomic: the count. */
static uint32_t foreign_kept;
static siginfo_t foreign_info;

/* Calls are made again after our signal as the program wants it after its own. */
static void foreign_set_restart(const struct sigaction *action)
{
    struct sigaction kernel;
    if (real.sigaction(signals_ours, NULL, &kernel) != 0)
        return;
    bool is_default = action->sa_handler == SIG_DFL || action->sa_handler == SIG_IGN;
    kernel.sa_flags &= ~SA_RESTART;
    kernel.sa_flags |= is_default ? SA_RESTART : action->sa_flags & SA_RESTART;
    real.sigaction(signals_ours, &kernel, NULL);
}

void foreign_sigaction(const struct sigaction *action, struct sigaction *old)
{
    struct sigaction before = foreign_action;
    if (action != NULL) {
        foreign_action = *action;
        foreign_set_restart(action);
    }
    if (old != NULL)
        *old = before;
}

/* The mask of a handler: that of the interrupted code and the action's own, without our signal. */
static void foreign_mask(const struct sigaction *action, const ucontext_t *context)
{
    uint64_t mask;
    uint64_t more;
    memcpy(&mask, &context->uc_sigmask, sizeof mask);
    memcpy(&more, &action->sa_mask, sizeof more);
    mask = (mask | more) & ~(1ull << (signals_ours - 1));
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
}

void signals_foreign(siginfo_t *info, ucontext_t *context)
{
    struct sigaction action = foreign_action;
    if (action.sa_handler == SIG_IGN)
        return;
    if (foreign_is_blocked(context)) {
        foreign_info = *info;
        __atomic_fetch_add(&foreign_kept, 1, __ATOMIC_RELEASE);
        return;
    }
    if (action.sa_handler == SIG_DFL) {
        fatal_end(signals_ours, context);
        return;
    }
    if ((action.sa_flags & (int)SA_RESETHAND) != 0)
        foreign_action.sa_handler = SIG_DFL;
    foreign_mask(&action, context);
    if ((action.sa_flags & SA_SIGINFO) != 0)
        action.sa_sigaction(signals_ours, info, context);
    else
        action.sa_handler(signals_ours);
}

void foreign_unblocked(void)
{
    int kept = errno;
    for (uint32_t left = __atomic_exchange_n(&foreign_kept, 0, __ATOMIC_ACQ_REL); left > 0;
         left--) {
        siginfo_t info = foreign_info;
        /* Only the sender itself may give a code as of kill: sent as queued, of whoever it came. */
        info.si_code = SI_QUEUE;
        info.si_errno = 0;
        sys_call(SYS_rt_tgsigqueueinfo, sys_getpid(), sys_gettid(), signals_ours, &info);
    }
    errno = kept;
}
