// The same for the arena of a thread, which lies in mapped memory.
//
// run: waiting
// expect: lost 1032 bytes in 1 block, in make_block
// run: ended
// expect: lost 1032 bytes in 1 block, in make_block
#include "claim.h"

static volatile int ready;
static bool is_waiting;

static OWN_FRAME void lose(void)
{
    must(make_block(1032) != NULL);
}

static void *work(void *unused)
{
    (void)unused;
    lose();
    scrub();
    ready = 1;
    while (is_waiting)
        pause();
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;

    is_waiting = is_run(argc, argv, "waiting");
    must(pthread_create(&thread, NULL, work, NULL) == 0);
    wait_for(&ready);
    if (!is_waiting)
        pthread_join(thread, NULL);
    return 0;
}
