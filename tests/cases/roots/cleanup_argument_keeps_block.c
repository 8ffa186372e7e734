// The argument of a cleanup handler that waits for its thread's end keeps its block.
//
// run: given
// expect: nothing lost
// run: popped
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

static volatile int ready;
static hidden_pointer hidden;

static OWN_FRAME void sleep_for_good(void)
{
    scrub();
    ready = 1;
    for (;;)
        pause();
}

static void clean(void *block)
{
    free(block);
}

static void *work(void *given)
{
    if (given == NULL)
        sleep_for_good();
    pthread_cleanup_push(clean, reveal(hidden));
    sleep_for_good();
    pthread_cleanup_pop(1);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;

    hidden = hide(make_block(40));
    must(pthread_create(&thread, NULL, work, is_run(argc, argv, "given") ? GIVEN : NULL) == 0);
    wait_for(&ready);
    return 0;
}
