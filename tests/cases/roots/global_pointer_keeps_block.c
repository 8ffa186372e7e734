// A pointer in a global variable keeps its block, whether initialised, zero or static.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: zero
// expect: nothing lost
// run: initialised
// expect: nothing lost
// run: function-static
// expect: nothing lost
#include "claim.h"

void *zero;
void *initialised = &zero;

static void **static_slot(void)
{
    static void *slot;
    return &slot;
}

int main(int argc, char **argv)
{
    void *block = make_block(40);

    if (is_run(argc, argv, "zero"))
        zero = block;
    if (is_run(argc, argv, "initialised"))
        initialised = block;
    if (is_run(argc, argv, "function-static"))
        *(void *volatile *)static_slot() = block;
    return 0;
}
