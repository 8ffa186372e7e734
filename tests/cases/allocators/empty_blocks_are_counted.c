// Blocks of no bytes are blocks: lost ones are counted, held ones are not lost.
//
// run: lose
// expect: lost 0 bytes in 100 blocks, in make_empty
// run: hold
// expect: nothing lost
// run: free
// expect: nothing lost
#include "claim.h"

static void *held[100];

static OWN_FRAME void *make_empty(void)
{
    return opaque(malloc(0));
}

static OWN_FRAME void make_all(void)
{
    for (int i = 0; i < 100; i++)
        held[i] = make_empty();
}

int main(int argc, char **argv)
{
    make_all();
    for (int i = 0; is_run(argc, argv, "free") && i < 100; i++)
        free(held[i]);
    if (!is_run(argc, argv, "hold"))
        memset(opaque(held), 0, sizeof held);
    scrub();
    return 0;
}
