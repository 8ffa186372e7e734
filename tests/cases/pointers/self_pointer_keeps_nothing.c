// A block's pointer to itself does not keep it, and makes it no ring.
//
// run: start
// expect: lost 40 bytes in 1 block, in make_block
// run: middle
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

int main(int argc, char **argv)
{
    void **block = make_block(40);

    block[2] = is_run(argc, argv, "start") ? block : block + 3;
    __asm__ volatile("" : : "r"(block) : "memory");
    return 0;
}
