// A pointer in a block that is reached keeps the next block; cut off, the chain is one loss with
// the rest hanging on it.
//
// run: gone
// expect: lost 40 bytes in 1 block, indirect 120 bytes in 3 blocks, in make_block
// run: given
// expect: nothing lost
#include "claim.h"

void **chain;

int main(int argc, char **argv)
{
    for (int i = 0; i < 4; i++) {
        void **block = make_block(40);
        block[3] = chain;
        chain = block;
    }
    if (is_run(argc, argv, "gone"))
        chain = NULL;
    return 0;
}
