// A signal that the program blocks, and that is ignored by default, stays pending while collections
// are made, by this thread and by another: who reads it from a signalfd would wait for ever.
//
// option: interval=5ms
// expect: 20 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <signal.h>
#include <sys/wait.h>

enum { ROUNDS = 20, ROUND_MS = 40 };

static bool is_pending(int number)
{
    sigset_t set;
    must(sigpending(&set) == 0);
    return sigismember(&set, number) == 1;
}

static void claim_that_it_stays(bool allocates)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    while (!is_pending(SIGCHLD))
        sched_yield();
    for (double begun = live_now_ms(); live_now_ms() - begun < ROUND_MS;)
        if (allocates)
            free(make_block(64));
        else
            sched_yield();
    LIVE_CLAIM(is_pending(SIGCHLD), "the end of a child is not pending any more (%d)", allocates);
    must(waitpid(child, NULL, 0) == child);
    int number;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    if (is_pending(SIGCHLD))
        must(sigwait(&set, &number) == 0);
}

int main(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    must(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    for (int i = 0; i < ROUNDS; i++)
        claim_that_it_stays(true);
    pthread_t churn = live_churn_begin();
    for (int i = 0; i < ROUNDS; i++)
        claim_that_it_stays(false);
    live_churn_end(churn);
    return live_status();
}
