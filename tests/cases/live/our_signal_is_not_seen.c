// The signal that stops threads cannot be blocked, waited for, replaced or seen by the program, by
// any function of libc; and the actions of signals that end the program are shown as they were set.
//
// expect: 20 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <ucontext.h>

static int ours; /* set once */
static atomic_int ours_seen;

static void see(int number)
{
    (void)number;
    ours_seen++;
}

static void nothing(int number)
{
    (void)number;
}

static void claim_masks_are_as_set(void)
{
    sigset_t all, seen;
    sigfillset(&all);
    must(pthread_sigmask(SIG_SETMASK, &all, NULL) == 0);
    must(sigprocmask(SIG_BLOCK, NULL, &seen) == 0);
    LIVE_CLAIM(sigismember(&seen, ours) == 1, "blocked, but not shown as blocked");
    sigemptyset(&all);
    must(sigprocmask(SIG_SETMASK, &all, &seen) == 0);
    LIVE_CLAIM(sigismember(&seen, ours) == 1, "blocked, but not given back as blocked");
    must(pthread_sigmask(SIG_BLOCK, NULL, &seen) == 0);
    LIVE_CLAIM(sigismember(&seen, ours) == 0, "unblocked, but shown as blocked");
}

static void claim_actions_are_as_set(void)
{
    struct sigaction action = {.sa_handler = see}, old;
    must(sigaction(ours, NULL, &old) == 0);
    LIVE_CLAIM(old.sa_handler == SIG_DFL, "the action of our signal shows");
    must(sigaction(ours, &action, NULL) == 0 && sigaction(ours, NULL, &old) == 0);
    LIVE_CLAIM(old.sa_handler == see, "the program's action of our signal does not show");
    LIVE_CLAIM(signal(SIGTERM, nothing) == SIG_DFL, "signal(SIGTERM) gives not SIG_DFL");
    LIVE_CLAIM(signal(SIGTERM, SIG_DFL) == nothing, "signal(SIGTERM) gives not the handler");
    LIVE_CLAIM(signal(SIGHUP, SIG_IGN) == SIG_DFL, "signal(SIGHUP) gives not SIG_DFL");
    LIVE_CLAIM(signal(SIGHUP, SIG_DFL) == SIG_IGN, "signal(SIGHUP) gives not SIG_IGN");
    LIVE_CLAIM(sigset(SIGINT, nothing) == SIG_DFL, "sigset(SIGINT) gives not SIG_DFL");
    LIVE_CLAIM(sigset(SIGINT, SIG_DFL) == nothing, "sigset(SIGINT) gives not the handler");
}

/* What `signal` is in a program that is built with -std=c17 -D_POSIX_C_SOURCE. */
extern sighandler_t __sysv_signal(int number, sighandler_t handler);

static void claim_old_names_are_the_same(void)
{
    struct sigaction old;
    LIVE_CLAIM(__sysv_signal(SIGTERM, nothing) == SIG_DFL,
               "__sysv_signal(SIGTERM) gives not SIG_DFL");
    LIVE_CLAIM(__sysv_signal(SIGTERM, SIG_DFL) == nothing, "__sysv_signal gives not the handler");
    must(siginterrupt(SIGALRM, 1) == 0 && signal(SIGALRM, nothing) == SIG_DFL);
    must(sigaction(SIGALRM, NULL, &old) == 0);
    LIVE_CLAIM((old.sa_flags & SA_RESTART) == 0, "signal() forgets siginterrupt()");
    must(siginterrupt(SIGALRM, 0) == 0);
    signal(SIGALRM, SIG_DFL);
}

static void claim_cannot_be_waited_for(void)
{
    sigset_t set;
    struct timespec moment = {0, 200000000};
    sigfillset(&set);
    must(pthread_sigmask(SIG_SETMASK, &set, NULL) == 0);
    LIVE_CLAIM(sigtimedwait(&set, NULL, &moment) == -1 && errno == EAGAIN, "sigtimedwait");
    int fd = signalfd(-1, &set, SFD_NONBLOCK);
    double until = live_now_ms() + 200;
    struct signalfd_siginfo info;
    while (live_now_ms() < until)
        LIVE_CLAIM(read(fd, &info, sizeof info) == -1, "signalfd gives signal %u", info.ssi_signo);
    close(fd);
    sigemptyset(&set);
    must(pthread_sigmask(SIG_SETMASK, &set, NULL) == 0);
}

static void claim_never_pending(void)
{
    sigset_t pending;
    double until = live_now_ms() + 200;
    while (live_now_ms() < until) {
        must(sigpending(&pending) == 0);
        LIVE_CLAIM(sigismember(&pending, ours) == 0, "pending");
    }
}

/* A thread inherits the mask. */
static void *show_mask(void *seen)
{
    must(pthread_sigmask(SIG_BLOCK, NULL, seen) == 0);
    double until = live_now_ms() + 200;
    while (live_now_ms() < until) /* to be stopped all the same */
        continue;
    return NULL;
}

static void claim_inherited_mask_is_as_set(void)
{
    sigset_t all, seen;
    pthread_t thread;
    sigfillset(&all);
    must(pthread_sigmask(SIG_SETMASK, &all, NULL) == 0);
    must(pthread_create(&thread, NULL, show_mask, &seen) == 0);
    must(pthread_join(thread, NULL) == 0);
    LIVE_CLAIM(sigismember(&seen, ours) == 1, "a thread does not inherit that it is blocked");
    sigemptyset(&all);
    must(pthread_sigmask(SIG_SETMASK, &all, NULL) == 0);
}

int main(void)
{
    ours = SIGRTMAX - 3;
    pthread_t churn = live_churn_begin();
    claim_masks_are_as_set();
    claim_actions_are_as_set();
    claim_old_names_are_the_same();
    claim_cannot_be_waited_for();
    claim_never_pending();
    claim_inherited_mask_is_as_set();
    LIVE_CLAIM(ours_seen == 0, "the program's handler of our signal ran %d times", ours_seen);
    live_churn_end(churn);
    return live_status();
}
