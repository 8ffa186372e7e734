// Three blocks that point at each other in a ring are one leak, led by the biggest of them; what
// hangs on the ring is indirect.
//
// run: gone
// expect: lost 120 bytes in 1 block, indirect 136 bytes in 3 blocks, in make_biggest, a ring
// run: given
// expect: nothing lost
#include "claim.h"

void **ring;

static OWN_FRAME void *make_biggest(size_t bytes)
{
    void *block = opaque(calloc(1, bytes));
    must(block != NULL);
    return block;
}

int main(int argc, char **argv)
{
    void **first = make_block(40);
    void **biggest = make_biggest(120);
    void **third = make_block(48);

    first[0] = biggest;
    biggest[2] = third;
    third[1] = first;
    third[2] = make_block(48); // no member, but hangs on one
    ring = first;
    if (is_run(argc, argv, "gone"))
        ring = NULL;
    return 0;
}
