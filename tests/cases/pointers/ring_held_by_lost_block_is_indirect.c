// A ring to which a lost block leads hangs on that block: one loss, no ring.
//
// expect: lost 24 bytes in 1 block, indirect 80 bytes in 2 blocks, in make_leader
#include "claim.h"

static OWN_FRAME void *make_leader(void)
{
    void *block = opaque(calloc(1, 24));
    must(block != NULL);
    return block;
}

int main(void)
{
    void **leader = make_leader();
    void **one = make_block(40);
    void **other = make_block(40);

    one[0] = other;
    other[0] = one;
    leader[0] = one;
    __asm__ volatile("" : : "r"(leader) : "memory");
    return 0;
}
