// A pointer in a local variable of a waiting thread keeps its block.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: given
// expect: nothing lost
#include "claim.h"

static hidden_pointer hidden;
static volatile int ready;

static OWN_FRAME void fill(void *volatile *local, bool given)
{
    *local = given ? reveal(hidden) : NULL;
}

static void *hold(void *given)
{
    void *volatile local;

    fill(&local, given != NULL);
    scrub();
    ready = 1;
    for (;;)
        pause();
    return local;
}

int main(int argc, char **argv)
{
    pthread_t thread;

    hidden = hide(make_block(40));
    scrub();
    must(pthread_create(&thread, NULL, hold, is_run(argc, argv, "given") ? GIVEN : NULL) == 0);
    wait_for(&ready);
    return 0;
}
