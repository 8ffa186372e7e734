// A pointer in the last whole word of a block counts, whatever the block's size; one of which the
// block only has a half does not.
//
// run: 8 0
// expect: nothing lost
// run: 24 16
// expect: nothing lost
// run: 4096 4088
// expect: nothing lost
// run: 33 24
// expect: nothing lost
// run: 39 32
// expect: lost 24 bytes in 1 block, in make_block
#include "claim.h"

char *held;

int main(int argc, char **argv)
{
    must(argc == 3);
    held = opaque(calloc(1, (size_t)atoi(argv[1])));
    void *block = make_block(24);
    size_t offset = (size_t)atoi(argv[2]);
    size_t rest = (size_t)atoi(argv[1]) - offset;
    memcpy(held + offset, &block, rest < 8 ? rest : 8);
    scrub();
    return 0;
}
