// Threads that allocate and free while the program ends lose nothing and disturb nothing.
//
// expect: lost 40 bytes in 1 block, in make_lost
#include "claim.h"

enum { THREADS = 4 };

static volatile int started[THREADS];

static OWN_FRAME void make_lost(void)
{
    must(opaque(calloc(1, 40)) != NULL);
}

// Every block is held by the list or by a local variable at every moment.
static void *work(void *argument)
{
    volatile int *flag = argument;
    void *volatile blocks[16] = {NULL};

    for (unsigned turn = 0;; turn++) {
        free(blocks[turn % 16]);
        blocks[turn % 16] = malloc(turn * 31 % 3000);
        *flag = turn > 1000;
    }
    return NULL;
}

int main(void)
{
    pthread_t thread;

    make_lost();
    for (int i = 0; i < THREADS; i++)
        must(pthread_create(&thread, NULL, work, (void *)&started[i]) == 0);
    for (int i = 0; i < THREADS; i++)
        wait_for(&started[i]);
    return 0;
}
