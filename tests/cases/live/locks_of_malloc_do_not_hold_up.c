// Threads that are stopped inside functions of malloc that take its locks and are not allocations
// (mallinfo2, malloc_trim) do not hold up the stop of those that allocate.
//
// option: interval=5ms
// expect: 30 collections
// expect: missed in at most 3 collections
// expect: nothing lost
#include "live.h"

#include <malloc.h>

static atomic_int is_over;

static void *ask(void *unused)
{
    (void)unused;
    size_t sum = 0;
    while (!is_over) {
        sum += mallinfo2().uordblks;
        malloc_trim(0);
    }
    return (void *)(sum & 0);
}

static void *use(void *unused)
{
    (void)unused;
    void *blocks[200] = {0};
    for (unsigned i = 0; !is_over; i++) {
        free(blocks[i % 200]);
        blocks[i % 200] = malloc(2000 + i % 5000);
    }
    for (int i = 0; i < 200; i++)
        free(blocks[i]);
    return NULL;
}

int main(void)
{
    pthread_t threads[4];
    must(mallopt(M_ARENA_MAX, 1) == 1);
    for (int i = 0; i < 4; i++)
        must(pthread_create(&threads[i], NULL, i == 0 ? ask : use, NULL) == 0);
    struct timespec time = {live_count(2, 20), 0};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &time) != 0)
        continue;
    is_over = 1;
    for (int i = 0; i < 4; i++)
        must(pthread_join(threads[i], NULL) == 0);
    return 0;
}
