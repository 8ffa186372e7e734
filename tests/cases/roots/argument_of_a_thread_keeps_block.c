// What a thread is started with is in use while it lives, even before its first instruction, though
// it looks at it no more; when it was joined, it is lost.
//
// run: at-once
// expect: nothing lost
// run: running
// expect: nothing lost
// run: joined
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

static volatile int ready, end;

static void *work(void *unused)
{
    (void)unused;
    scrub();
    ready = 1;
    while (end == 0)
        usleep(1000);
    return NULL;
}

static OWN_FRAME pthread_t start(void)
{
    pthread_t thread;

    must(pthread_create(&thread, NULL, work, make_block(40)) == 0);
    return thread;
}

int main(int argc, char **argv)
{
    pthread_t thread = start();

    if (is_run(argc, argv, "at-once"))
        _exit(0);
    wait_for(&ready);
    if (is_run(argc, argv, "joined")) {
        end = 1;
        pthread_join(thread, NULL);
    }
    scrub();
    return 0;
}
