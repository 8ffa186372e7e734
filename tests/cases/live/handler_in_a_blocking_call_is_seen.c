// A signal handler that runs while its thread is blocked in a call holds a block in a local
// variable, for many collections. It is reachable, and it is when the handler runs on a stack of
// its own.
//
// run: computing
// expect: 15 collections
// expect: nobody missed
// expect: nothing lost
// run: napping
// expect: 15 collections
// expect: nobody missed
// expect: nothing lost
// run: computing apart
// expect: 15 collections
// expect: nobody missed
// expect: nothing lost
// run: napping apart
// expect: 15 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <poll.h>
#include <signal.h>

static atomic_int is_napping;
static atomic_int is_done;

static OWN_FRAME void compute(double until_ms)
{
    while (live_now_ms() < until_ms)
        continue;
}

static void handle(int number)
{
    (void)number;
    void *volatile block = make_block(1000);
    scrub();
    double until_ms = live_now_ms() + live_count(1000, 10000);
    if (is_napping)
        poll(NULL, 0, live_count(1000, 10000));
    else
        compute(until_ms);
    free(block);
    is_done = 1;
}

static void *be_blocked(void *argument)
{
    char *signal_stack = NULL;
    if (argument != NULL) {
        signal_stack = malloc(1 << 16);
        must(sigaltstack(&(stack_t){.ss_sp = signal_stack, .ss_size = 1 << 16}, NULL) == 0);
    }
    int ends[2];
    char byte;
    must(pipe(ends) == 0);
    must(read(ends[0], &byte, 1) == -1); /* no SA_RESTART */
    if (argument != NULL)
        must(sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL) == 0);
    free(signal_stack);
    return NULL;
}

int main(int argc, char **argv)
{
    must(argc >= 2);
    is_napping = is_run(argc, argv, "napping");
    struct sigaction action = {.sa_handler = handle, .sa_flags = argc > 2 ? SA_ONSTACK : 0};
    must(sigaction(SIGUSR1, &action, NULL) == 0);
    pthread_t churn = live_churn_begin();
    pthread_t thread;
    must(pthread_create(&thread, NULL, be_blocked, argc > 2 ? GIVEN : NULL) == 0);
    usleep(100000);
    must(pthread_kill(thread, SIGUSR1) == 0);
    must(pthread_join(thread, NULL) == 0);
    must(is_done);
    live_churn_end(churn);
    return live_status();
}
