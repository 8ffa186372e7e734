// A signal that is ignored by default (the end of a child) does not interrupt another thread's
// call, as it does not without Seep: a megabyte is written whole while children end.
//
// option: interval=5ms
// expect: 20 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <signal.h>
#include <sys/wait.h>

enum { MEGABYTE = 1 << 20 };

static atomic_int is_over;

static void *read_slowly(void *argument)
{
    char bytes[4096];
    long left = 8 * MEGABYTE;
    while (left > 0) {
        ssize_t got = read(*(int *)argument, bytes, sizeof bytes);
        must(got > 0);
        left -= got;
        usleep(500);
    }
    return NULL;
}

static void *write_whole(void *argument)
{
    static char megabyte[MEGABYTE];
    for (int i = 0; i < 8; i++) {
        ssize_t wrote = write(*(int *)argument, megabyte, MEGABYTE);
        LIVE_CLAIM(wrote == MEGABYTE, "write: %zd of %d bytes", wrote, MEGABYTE);
        for (ssize_t more; wrote < MEGABYTE; wrote += more)
            must((more = write(*(int *)argument, megabyte, (size_t)(MEGABYTE - wrote))) > 0);
    }
    is_over = 1;
    return NULL;
}

int main(void)
{
    int ends[2];
    pthread_t threads[2];
    must(pipe(ends) == 0);
    pthread_t churn = live_churn_begin();
    must(pthread_create(&threads[0], NULL, read_slowly, &ends[0]) == 0);
    must(pthread_create(&threads[1], NULL, write_whole, &ends[1]) == 0);
    while (!is_over) {
        pid_t child = _Fork();
        if (child == 0) {
            static const struct timespec moment = {0, 1000000};
            clock_nanosleep(CLOCK_MONOTONIC, 0, &moment, NULL);
            raise(SIGKILL);
        }
        for (int i = 0; i < 50000; i++) /* busy, so that it is stopped by signal */
            free(make_block(64));
        must(waitpid(child, NULL, 0) == child);
    }
    for (int i = 0; i < 2; i++)
        must(pthread_join(threads[i], NULL) == 0);
    live_churn_end(churn);
    return live_status();
}
