// A pointer in a local variable of a waiting thread keeps its block.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: given
// expect: nothing lost
#include "one_thread.h"

static OWN_FRAME void fill(void *volatile *local, bool given)
{
    *local = given ? reveal(hidden) : NULL;
}

static void *hold(void *given)
{
    void *volatile local;

    fill(&local, given != NULL);
    scrub();
    stay();
    return local;
}

int main(int argc, char **argv)
{
    hidden = hide(make_block(40));
    scrub();
    start_thread(hold, is_run(argc, argv, "given"));
    return 0;
}
