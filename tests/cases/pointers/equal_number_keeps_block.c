// A number that equals a block's address cannot be told from a pointer; any other keeps nothing.
//
// run: equal
// expect: nothing lost
// run: other
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

double number;

int main(int argc, char **argv)
{
    uintptr_t address = (uintptr_t)make_block(40);

    if (is_run(argc, argv, "other"))
        address = address * 2 + 1;
    memcpy(&number, &address, sizeof number);
    return 0;
}
