// Each frame of a stack of 6 MB keeps the block that it alone points at.
//
// run: given
// expect: nothing lost
// run: gone
// expect: lost 40000 bytes in 1000 blocks, in make_all
#include "claim.h"

enum { DEPTH = 1000 };

static hidden_pointer hidden[DEPTH];
static bool drops;

static OWN_FRAME void make_all(void)
{
    for (int i = 0; i < DEPTH; i++)
        hidden[i] = hide(make_block(40));
}

static OWN_FRAME void descend(int depth)
{
    void *volatile local = NULL;
    volatile char frame[6000];

    memset((char *)frame, 0, sizeof frame); // an array that was never filled holds old words
    if (!drops)
        local = reveal(hidden[depth]);
    if (depth == 0) {
        scrub();
        exit(0);
    }
    if (depth > 0)
        descend(depth - 1);
    local = opaque(local);
}

int main(int argc, char **argv)
{
    drops = is_run(argc, argv, "gone");
    make_all();
    descend(DEPTH - 1);
    return 0;
}
