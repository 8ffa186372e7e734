// A pointer with a tag in its high 16 bits is none, which the option pointer_bits=48 changes
// (pointer_bits_takes_tags_off.c).
//
// run: tagged
// expect: lost 40 bytes in 1 block, in make_block
// run: plain
// expect: nothing lost
#include "claim.h"

uintptr_t value;

int main(int argc, char **argv)
{
    value = (uintptr_t)make_block(40);
    if (is_run(argc, argv, "tagged"))
        value |= (uintptr_t)0x7ff8 << 48;
    return 0;
}
