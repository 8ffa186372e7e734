// The last word of a block of 100 MB keeps what it points at.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: given
// expect: nothing lost
#include "claim.h"

void **big;

int main(int argc, char **argv)
{
    size_t words = (100 << 20) / sizeof *big;

    big = make_block(words * sizeof *big);
    void *block = make_block(40);
    big[words - 1] = is_run(argc, argv, "given") ? block : NULL;
    return 0;
}
