// A thread that calls none of the functions that Seep wraps is not known to it; once it has ended,
// its stack keeps nothing all the same, wherever that lies.
//
// run: joined
// expect: lost 40 bytes in 1 block, in make_block
// run: many
// expect: lost 320 bytes in 8 blocks, in make_block
// run: running
// expect: nothing lost
#include "claim.h"

enum { THREADS = 8 };

static volatile int end, ready;

static OWN_FRAME void hold(void *hidden)
{
    void *volatile local[3000]; // deep enough that the thread's end does not write over all of it

    for (int i = 0; i < 3000; i++)
        local[i] = (void *)~(uintptr_t)hidden;
    __atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
    while (end == 0 || local[0] == NULL)
        ;
}

static void *work(void *hidden)
{
    hold(hidden);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    int count = is_run(argc, argv, "many") ? THREADS : 1;

    for (int i = 0; i < count; i++)
        must(pthread_create(&threads[i], NULL, work, (void *)hide(make_block(40))) == 0);
    while (ready < count)
        sched_yield();
    end = !is_run(argc, argv, "running");
    for (int i = 0; end && i < count; i++)
        pthread_join(threads[i], NULL);
    scrub();
    return 0;
}
