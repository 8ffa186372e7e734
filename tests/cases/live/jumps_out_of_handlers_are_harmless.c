// A signal handler that jumps out of the blocking call that it interrupted leaves nothing behind:
// collections go on, stop every thread and lose no block.
//
// option: interval=5ms
// run: poll
// expect: 60 collections
// expect: nobody missed
// expect: nothing lost
// run: sleep
// expect: 60 collections
// expect: nobody missed
// expect: nothing lost
// run: collecting
// expect: 60 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/syscall.h>

static sigjmp_buf out;
static pthread_t jumper;
static atomic_int is_over;
static volatile int jumps;

static void jump(int number)
{
    (void)number;
    siglongjmp(out, 1);
}

/* Sends the signal every now and then, whatever the thread does. */
static void *disturb(void *unused)
{
    (void)unused;
    for (unsigned turn = 0; !is_over; turn++) {
        pthread_kill(jumper, SIGUSR1);
        usleep(300 + turn * 7919 % 4000);
    }
    return NULL;
}

static void block(const char *how)
{
    struct timespec day = {86400, 0};
    if (strcmp(how, "poll") == 0)
        poll(NULL, 0, -1);
    else if (strcmp(how, "sleep") == 0)
        nanosleep(&day, NULL);
    else
        for (;;)
            poll(NULL, 0, 0); /* this thread, which does not allocate, makes the collections */
}

int main(int argc, char **argv)
{
    must(argc == 2);
    void *volatile block_in_frame = make_block(1000);
    struct sigaction action = {.sa_handler = jump, .sa_flags = SA_NODEFER};
    pthread_t churn = 0;
    pthread_t disturber;
    jumper = pthread_self();
    must(sigaction(SIGUSR1, &action, NULL) == 0);
    if (!is_run(argc, argv, "collecting"))
        churn = live_churn_begin();
    double until_ms = live_now_ms() + live_count(1500, 15000);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    must(pthread_create(&disturber, NULL, disturb, NULL) == 0);
    if (sigsetjmp(out, 0) != 0)
        jumps++;
    if (live_now_ms() < until_ms) {
        pthread_sigmask(SIG_UNBLOCK, &set, NULL);
        block(argv[1]);
    }
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    is_over = 1;
    must(pthread_join(disturber, NULL) == 0);
    LIVE_CLAIM(jumps > 100, "%d jumps", jumps);
    if (churn != 0)
        live_churn_end(churn);
    free(block_in_frame);
    return live_status();
}
