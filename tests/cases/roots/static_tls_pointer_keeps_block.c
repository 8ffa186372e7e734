// A pointer in static thread-local storage of a live thread keeps its block.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: main
// expect: nothing lost
// run: thread
// expect: nothing lost
#include "claim.h"

static hidden_pointer hidden;
static volatile int ready;
static _Thread_local void *volatile slot;

static OWN_FRAME void fill(void)
{
    slot = reveal(hidden);
}

static void *hold(void *given)
{
    if (given != NULL)
        fill();
    scrub();
    ready = 1;
    for (;;)
        pause();
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;

    hidden = hide(make_block(40));
    if (is_run(argc, argv, "main"))
        fill();
    scrub();
    must(pthread_create(&thread, NULL, hold, is_run(argc, argv, "thread") ? GIVEN : NULL) == 0);
    wait_for(&ready);
    return 0;
}
