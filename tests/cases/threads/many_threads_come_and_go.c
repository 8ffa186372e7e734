// 200 threads that each lose a block and end, 8 at a time, are counted exactly.
//
// expect: lost 8000 bytes in 200 blocks, in make_block
#include "claim.h"

enum { ROUNDS = 25, THREADS = 8 };

static void *work(void *unused)
{
    (void)unused;
    for (size_t i = 1; i < 200; i++)
        free(opaque(malloc(i)));
    must(make_block(40) != NULL);
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];

    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < THREADS; i++)
            must(pthread_create(&threads[i], NULL, work, NULL) == 0);
        for (int i = 0; i < THREADS; i++)
            must(pthread_join(threads[i], NULL) == 0);
    }
    return 0;
}
