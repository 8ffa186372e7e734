// A pointer in static thread-local storage of a live thread keeps its block.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: main
// expect: nothing lost
// run: thread
// expect: nothing lost
#include "one_thread.h"

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
    stay();
    return NULL;
}

int main(int argc, char **argv)
{
    hidden = hide(make_block(40));
    if (is_run(argc, argv, "main"))
        fill();
    scrub();
    start_thread(hold, is_run(argc, argv, "thread"));
    return 0;
}
