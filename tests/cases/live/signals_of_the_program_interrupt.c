// The program's own signals interrupt its blocking calls as they do without collections: 200
// signals give 200 EINTR, one each, and none is lost. The handler allocates, so it enters the shim.
//
// run: idle
// expect: 15 collections
// expect: nobody missed
// expect: nothing lost
// run: allocating
// expect: 15 collections
// expect: nobody missed
// expect: nothing lost
// run: waiting
// expect: 15 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>

enum { SIGNALS = 200 };

static atomic_int handled;
static atomic_int interrupted;
static atomic_int is_allocating;
static atomic_int is_waiting;

static void handle(int number)
{
    int saved = errno;
    (void)number;
    if (is_allocating)
        free(make_block(100));
    if (is_waiting) { /* a nap within the handler is not cut short either */
        struct timespec nap = {0, 3000000};
        double begun = live_now_ms();
        LIVE_CLAIM(nanosleep(&nap, NULL) == 0, "a nap in the handler: errno %d", errno);
        LIVE_CLAIM(live_now_ms() - begun > 2.9, "a nap in the handler was short");
    }
    handled++;
    errno = saved;
}

/* Each call blocks until a signal comes. */
static long block(int turn)
{
    struct timespec day = {86400, 0};
    static int epoll = -1;
    if (epoll < 0)
        epoll = epoll_create1(0);
    struct epoll_event event;
    switch (turn % 4) {
    case 0:
        return poll(NULL, 0, -1);
    case 1:
        return nanosleep(&day, NULL);
    case 2:
        return pause();
    default:
        return epoll_wait(epoll, &event, 1, -1);
    }
}

static void *be_interrupted(void *unused)
{
    (void)unused;
    for (int turn = 0; turn < SIGNALS; turn++) {
        long result = block(turn);
        LIVE_CLAIM(result == -1 && errno == EINTR, "call %d: %ld, errno %d", turn % 4, result,
                   errno);
        interrupted++;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = handle};
    is_allocating = is_run(argc, argv, "allocating");
    is_waiting = is_run(argc, argv, "waiting");
    must(sigaction(SIGUSR1, &action, NULL) == 0);
    pthread_t churn = live_churn_begin();
    pthread_t thread;
    must(pthread_create(&thread, NULL, be_interrupted, NULL) == 0);
    for (int sent = 0; sent < SIGNALS; sent++) {
        double begun = live_now_ms();
        usleep((useconds_t)live_count(5000, 50000));
        must(pthread_kill(thread, SIGUSR1) == 0);
        while (interrupted <= sent && live_now_ms() - begun < 10000)
            usleep(200);
        LIVE_CLAIM(interrupted == sent + 1, "%d signals, %d handled, %d interrupted", sent + 1,
                   handled, interrupted);
        if (interrupted != sent + 1)
            _exit(1);
    }
    must(pthread_join(thread, NULL) == 0);
    LIVE_CLAIM(handled == SIGNALS, "%d handled", handled);
    live_churn_end(churn);
    return live_status();
}
