// A pointer to where a block was before realloc moved it keeps nothing; one to where it is does.
//
// run: old
// expect: lost 300000 bytes in 1 block, in grow
// run: new
// expect: nothing lost
#include "claim.h"

void *held;

static OWN_FRAME void *grow(void *block)
{
    return opaque(realloc(block, 300000));
}

int main(int argc, char **argv)
{
    uintptr_t old = (uintptr_t)make_block(40);
    void *barrier = make_block(40);
    void *moved = grow((void *)old);

    must((uintptr_t)moved != old);
    held = is_run(argc, argv, "old") ? (void *)old : moved;
    free(barrier);
    scrub();
    return 0;
}
