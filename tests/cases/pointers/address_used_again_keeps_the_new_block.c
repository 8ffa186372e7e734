// A pointer that was left behind when its block was freed keeps the next block at that address:
// nothing tells them apart. Once it is cleared, the block is lost.
//
// run: left
// expect: nothing lost
// run: cleared
// expect: lost 40 bytes in 1 block, in make_again
#include "claim.h"

void *left;

static OWN_FRAME void make_again(uintptr_t wanted)
{
    void *block = opaque(malloc(40));
    must((uintptr_t)block == wanted);
    memset(block, 0, 40);
}

int main(int argc, char **argv)
{
    left = make_block(40);
    hidden_pointer hidden = hide(left);
    free(reveal(hidden));
    make_again((uintptr_t)reveal(hidden));
    if (is_run(argc, argv, "cleared"))
        left = NULL;
    scrub();
    return 0;
}
