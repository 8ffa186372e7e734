// Five hundred threads, of which most sleep in one way or another, are stopped each time, none is
// missed, and each one's blocks are seen.
//
// option: interval=50ms
// expect: 15 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <poll.h>

enum { THREADS = 500 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static atomic_int is_over;
static int ends[2]; /* of a pipe; set before threads */

static void *sleep_somehow(void *argument)
{
    long i = (long)argument;
    char byte;
    struct pollfd ready = {ends[0], POLLIN, 0};
    char *volatile block = malloc(100 + (size_t)i);
    switch (i % 5) {
    case 0:
        poll(&ready, 1, -1);
        break;
    case 1:
        must(read(ends[0], &byte, 1) == 0);
        break;
    case 2:
    case 3:
        pthread_mutex_lock(&mutex);
        while (!is_over)
            pthread_cond_wait(&condition, &mutex);
        pthread_mutex_unlock(&mutex);
        break;
    default:
        while (!is_over)
            usleep(20000);
    }
    free(block);
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 64 << 10);
    must(pipe(ends) == 0);
    for (long i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], &small, sleep_somehow, (void *)i) != 0)
            return CANNOT_RUN_HERE;
    pthread_t churn = live_churn_begin();
    usleep((useconds_t)live_count(2500, 25000) * 1000);
    live_churn_end(churn);
    pthread_mutex_lock(&mutex);
    is_over = 1;
    pthread_cond_broadcast(&condition);
    pthread_mutex_unlock(&mutex);
    close(ends[1]);
    for (int i = 0; i < THREADS; i++)
        must(pthread_join(threads[i], NULL) == 0);
    return 0;
}
