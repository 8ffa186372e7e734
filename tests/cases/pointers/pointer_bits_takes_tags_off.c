// With pointer_bits=48, what stands in the high 16 bits of a word does not matter: values of
// interpreters, counted pointers. It holds among lost blocks, too.
//
// option: pointer_bits=48
// run: root
// expect: nothing lost
// run: gone
// expect: lost 40 bytes in 1 block, indirect 24 bytes in 1 block, in make_block
#include "claim.h"

uintptr_t value;

static uintptr_t tagged(void *block)
{
    return (uintptr_t)block | (uintptr_t)0xfff9 << 48;
}

static OWN_FRAME void *make_pair(void)
{
    uintptr_t *outer = make_block(40);
    outer[2] = tagged(make_block(24));
    return outer;
}

int main(int argc, char **argv)
{
    value = tagged(make_pair());
    if (is_run(argc, argv, "gone"))
        value = 0;
    scrub();
    return 0;
}
