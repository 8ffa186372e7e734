// The argument of a cleanup handler that waits for its thread's end keeps its block.
//
// run: given
// expect: nothing lost
// run: popped
// expect: lost 40 bytes in 1 block, in make_block
#include "one_thread.h"

static OWN_FRAME void sleep_for_good(void)
{
    scrub();
    stay();
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
    hidden = hide(make_block(40));
    start_thread(work, is_run(argc, argv, "given"));
    return 0;
}
