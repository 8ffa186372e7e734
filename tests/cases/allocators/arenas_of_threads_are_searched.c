// What threads lose in arenas of their own is counted like the rest, and what they hold for each
// other is held.
//
// run: lose
// expect: lost 72000 bytes in 800 blocks, in work
// run: hold
// expect: nothing lost
#include "claim.h"

enum { THREADS = 8, BLOCKS = 100 };

static void *held[THREADS][BLOCKS];
static pthread_barrier_t all;

static void *work(void *slots)
{
    void **mine = slots;

    pthread_barrier_wait(&all); // so that each gets an arena
    for (int i = 0; i < BLOCKS; i++)
        mine[i] = make_block(90);
    pthread_barrier_wait(&all);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];

    pthread_barrier_init(&all, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        must(pthread_create(&threads[i], NULL, work, held[i]) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    if (is_run(argc, argv, "lose"))
        memset(opaque(held), 0, sizeof held);
    scrub();
    return 0;
}
