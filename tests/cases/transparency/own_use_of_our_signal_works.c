// A program that uses the signal by which Seep stops threads gets it: its handler, with its mask
// and its sender; blocked, it waits; ignored, it does nothing; a call that it interrupts says so;
// and by default it ends the program.
//
// option: interval=1ms
// option: pace=0
// run: handled
// expect: nothing lost
// run: ended
// expect: nothing lost
// expect: 2 processes
#include "claim.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

static volatile int handled, inside;

static void handle(int number)
{
    sigset_t mask;

    must(sigprocmask(SIG_BLOCK, NULL, &mask) == 0);
    inside = sigismember(&mask, SIGUSR1);
    handled += number == SIGRTMAX - 3;
}

static void handle_info(int number, siginfo_t *info, void *context)
{
    (void)context;
    handled += number == SIGRTMAX - 3 && info->si_pid == getpid() ? info->si_value.sival_int : 1000;
}

static void send_each_way(void)
{
    struct sigaction action = {.sa_handler = handle};
    sigset_t ours;

    sigaddset(&action.sa_mask, SIGUSR1);
    must(sigaction(SIGRTMAX - 3, &action, NULL) == 0);
    must(kill(getpid(), SIGRTMAX - 3) == 0 && raise(SIGRTMAX - 3) == 0);
    printf("%d %d\n", handled, inside);
    sigemptyset(&ours);
    sigaddset(&ours, SIGRTMAX - 3);
    must(sigprocmask(SIG_BLOCK, &ours, NULL) == 0 && raise(SIGRTMAX - 3) == 0);
    printf("blocked: %d\n", handled);
    must(sigprocmask(SIG_UNBLOCK, &ours, NULL) == 0);
    printf("unblocked: %d\n", handled);
}

static void interrupt_a_call(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMAX - 3};
    struct itimerspec soon = {.it_value = {.tv_nsec = 50000000}};
    timer_t timer = NULL;
    int ends[2];
    char byte;

    must(pipe(ends) == 0 && timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    must(timer_settime(timer, 0, &soon, NULL) == 0);
    must(read(ends[0], &byte, 1) == -1 && errno == EINTR);
    printf("interrupted: %d\n", handled);
    must(timer_delete(timer) == 0);
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_sigaction = handle_info, .sa_flags = SA_SIGINFO | SA_RESETHAND};
    int status = -1;

    if (is_run(argc, argv, "ended")) {
        pid_t child = fork();
        if (child == 0) {
            raise(SIGRTMAX - 3);
            _exit(0);
        }
        must(waitpid(child, &status, 0) == child);
        printf("%d\n", WTERMSIG(status) - SIGRTMAX);
        return 0;
    }
    send_each_way();
    interrupt_a_call();
    must(sigaction(SIGRTMAX - 3, &action, NULL) == 0);
    must(sigqueue(getpid(), SIGRTMAX - 3, (union sigval){.sival_int = 100}) == 0);
    must(sigaction(SIGRTMAX - 3, NULL, &action) == 0);
    printf("queued: %d, %s\n", handled, action.sa_handler == SIG_DFL ? "reset" : "kept");
    must(signal(SIGRTMAX - 3, SIG_IGN) == SIG_DFL && raise(SIGRTMAX - 3) == 0);
    return 0;
}
