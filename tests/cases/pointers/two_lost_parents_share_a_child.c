// A block that two lost blocks lead to is counted once.
//
// expect: lost 80 bytes in 2 blocks, indirect 48 bytes in 1 block, in make_parent
#include "claim.h"

static OWN_FRAME void *make_parent(void *child)
{
    void **block = opaque(calloc(1, 40));
    must(block != NULL);
    block[1] = child;
    __asm__ volatile("" : : "r"(block) : "memory");
    return block;
}

int main(void)
{
    void *child = make_block(48);

    for (int i = 0; i < 2; i++)
        make_parent(child);
    return 0;
}
