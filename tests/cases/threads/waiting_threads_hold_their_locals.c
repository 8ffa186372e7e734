// Threads that wait, however they do it, hold what their frames hold.
//
// run: mutex
// expect: nothing lost
// run: condition
// expect: nothing lost
// run: semaphore
// expect: nothing lost
// run: read
// expect: nothing lost
// run: signal
// expect: nothing lost
// run: spinning
// expect: nothing lost
// run: over
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <semaphore.h>
#include <signal.h>

static const char *how;
static hidden_pointer hidden;
static volatile int ready;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;

static OWN_FRAME void wait_in_some_way(void)
{
    sigset_t signals;
    int ends[2];
    int number;
    sem_t semaphore;
    char byte;

    ready = 1;
    if (strcmp(how, "mutex") == 0)
        pthread_mutex_lock(&mutex);
    if (strcmp(how, "condition") == 0) {
        pthread_mutex_lock(&other);
        for (;;)
            pthread_cond_wait(&condition, &other);
    }
    if (strcmp(how, "semaphore") == 0 && sem_init(&semaphore, 0, 0) == 0)
        sem_wait(&semaphore);
    if (strcmp(how, "read") == 0 && pipe(ends) == 0)
        read(ends[0], &byte, 1);
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR2);
    if (strcmp(how, "signal") == 0)
        sigwait(&signals, &number);
    for (;;)
        ;
}

static void *work(void *unused)
{
    void *volatile local = reveal(hidden);

    (void)unused;
    scrub();
    if (strcmp(how, "over") != 0)
        wait_in_some_way();
    ready = 1;
    local = NULL;
    return local;
}

int main(int argc, char **argv)
{
    pthread_t thread;

    must(argc == 2);
    how = argv[1];
    hidden = hide(make_block(40));
    pthread_mutex_lock(&mutex);
    must(pthread_create(&thread, NULL, work, NULL) == 0);
    wait_for(&ready);
    if (is_run(argc, argv, "over"))
        pthread_join(thread, NULL);
    scrub();
    return 0;
}
