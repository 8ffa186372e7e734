// Each of a thousand lost blocks of as many sizes is counted, byte for byte, and each of those held
// is not.
//
// run: all
// expect: lost 499500 bytes in 1000 blocks, in make_block
// run: odd
// expect: lost 250000 bytes in 500 blocks, in make_block
// run: none
// expect: nothing lost
#include "claim.h"

void *held[1000];

static OWN_FRAME void make_all(bool odd, bool even)
{
    for (size_t i = 0; i < 1000; i++) {
        void *block = make_block(i);
        bool is_lost = i % 2 != 0 ? odd : even;
        held[i] = is_lost ? NULL : block;
    }
}

int main(int argc, char **argv)
{
    bool all = is_run(argc, argv, "all");

    make_all(all || is_run(argc, argv, "odd"), all);
    scrub();
    return 0;
}
