// A pointer in a block that was freed keeps nothing.
//
// run: given
// expect: nothing lost
// run: small
// expect: lost 40 bytes in 1 block, in make_block
// run: large
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

void **holder;

int main(int argc, char **argv)
{
    size_t words = is_run(argc, argv, "large") ? 8000 : 100;

    holder = make_block(words * sizeof *holder);
    holder[words / 2] = make_block(40);
    if (!is_run(argc, argv, "given"))
        free(holder); // and the global variable still points there
    return 0;
}
