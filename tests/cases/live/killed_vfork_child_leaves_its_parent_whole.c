// A vfork child, which runs on its parent's memory, is killed while it waits in a call. The
// parent's thread then runs as any other: it is stopped where it is, and a block that only its
// register knows is reachable.
//
// option: interval=5ms
// expect: 15 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <signal.h>
#include <sys/wait.h>

static int ends[2];           /* of a pipe that nobody writes to; set before threads */
static volatile pid_t childs; /* pid; written by the child */

static void *kill_child(void *unused)
{
    (void)unused;
    while (childs == 0)
        sched_yield();
    usleep(2000); /* it should be waiting by now */
    must(kill(childs, SIGKILL) == 0);
    childs = 0;
    return NULL;
}

/* Takes the block from where it is known: only a register has it then, and no call is made, while
 * so many turns are counted. */
static OWN_FRAME void hold_in_register(void **known, long turns)
{
    __asm__ volatile("xor %%r10, %%r10\n\t"
                     "xchg %%r10, (%1)\n\t"
                     "1: pause\n\t"
                     "dec %0\n\t"
                     "jnz 1b\n\t"
                     "xchg %%r10, (%1)"
                     : "+r"(turns)
                     : "r"(known)
                     : "r10", "memory");
}

static OWN_FRAME void lose_child(void)
{
    pid_t child = vfork();
    if (child == 0) {
        char byte;
        childs = getpid();
        must(read(ends[0], &byte, 1) == 1);
        _exit(1);
    }
}

int main(void)
{
    must(pipe(ends) == 0);
    pthread_t churn = live_churn_begin();
    for (int i = 0; i < live_count(8, 80); i++) {
        pthread_t killer;
        must(pthread_create(&killer, NULL, kill_child, NULL) == 0);
        static void *known;
        known = make_block(700);
        scrub();
        lose_child();
        hold_in_register(&known, 1500000);
        free(known);
        int status;
        must(pthread_join(killer, NULL) == 0);
        must(wait(&status) > 0);
        LIVE_CLAIM(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "status %#x", status);
    }
    live_churn_end(churn);
    return live_status();
}
