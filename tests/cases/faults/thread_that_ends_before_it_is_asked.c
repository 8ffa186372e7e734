// Threads end between the moment in which they are listed and the one in which they are asked to
// stop: they are not waited for, and what the others hold is reachable.
//
// inject: rt_tgsigqueueinfo:gone=8
// expect: status 5
// expect: at least 8 collections
// expect: nothing lost
#include "fault.h"

static volatile int is_over;

static void *live_shortly(void *unused)
{
    (void)unused;
    char *volatile block = make_block(30);
    for (double until = fault_now_ms() + 3; fault_now_ms() < until;)
        block[3]++;
    free(block);
    return NULL;
}

static void *start_threads(void *unused)
{
    (void)unused;
    for (int i = 0; i < 60; i++) {
        pthread_t threads[4];
        for (int k = 0; k < 4; k++)
            must(pthread_create(&threads[k], NULL, live_shortly, NULL) == 0);
        for (int k = 0; k < 4; k++)
            must(pthread_join(threads[k], NULL) == 0);
    }
    is_over = 1;
    return NULL;
}

int main(void)
{
    pthread_t thread;
    must(pthread_create(&thread, NULL, start_threads, NULL) == 0);
    while (!is_over)
        fault_live(1);
    must(pthread_join(thread, NULL) == 0);
    puts("done");
    return FAULT_STATUS;
}
