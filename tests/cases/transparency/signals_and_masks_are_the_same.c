// The program sees the signal actions and masks that it sees without Seep.
//
// expect: nothing lost
#include "claim.h"

#include <signal.h>

static void handle(int number)
{
    (void)number;
}

static void show_mask(const char *when)
{
    sigset_t mask;

    must(pthread_sigmask(SIG_SETMASK, NULL, &mask) == 0);
    printf("%s:", when);
    for (int number = 1; number <= SIGRTMAX; number++)
        if (sigismember(&mask, number))
            printf(" %d", number);
    printf("\n");
}

static void show_actions(const char *when)
{
    printf("%s:", when);
    for (int number = 1; number <= SIGRTMAX; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
            printf(" %d:%s", number, action.sa_handler == SIG_IGN ? "ignored" : "handled");
    }
    printf("\n");
}

int main(void)
{
    sigset_t all;

    show_mask("at first");
    show_actions("at first");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, handle);
    show_actions("two set");
    sigfillset(&all);
    must(sigprocmask(SIG_SETMASK, &all, NULL) == 0);
    show_mask("all blocked");
    return 0;
}
