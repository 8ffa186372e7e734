// A thread runs with every signal blocked, behind libc's back. No collection is possible while it
// does, and none is waited for: the other threads run on, however patient the settings are. At the
// end it is missed, which is told, and what is not found is possible at most.
//
// option: stop_timeout=3000ms
// expect: missed in at most 1 collections
// expect: nothing lost
// expect: reason threads did not answer
#include "live.h"

#include <signal.h>
#include <sys/syscall.h>

static atomic_int is_over;
static atomic_int is_blocked;

static void *refuse(void *unused)
{
    (void)unused;
    char *volatile block = make_block(700);
    unsigned long all = ~0ul;
    must(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all) == 0);
    is_blocked = 1;
    while (!is_over)
        block[3]++;
    free(block);
    return NULL;
}

int main(void)
{
    pthread_t thread;
    int stood_still = 0;
    must(pthread_create(&thread, NULL, refuse, NULL) == 0);
    while (!is_blocked)
        sched_yield();
    pthread_t churn = live_churn_begin();
    double before = live_now_ms();
    for (double until = before + live_count(4000, 40000), now; (now = live_now_ms()) < until;
         before = now)
        stood_still += now - before > 1500;
    LIVE_CLAIM(stood_still == 0, "stood still %d times", stood_still);
    live_churn_end(churn);
    make_block(33);
    scrub();
    _exit(live_status());
}
