// A block that only pointers into its middle reach is possibly lost.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: middle
// expect: possible 40 bytes in 1 block, in make_block
// run: last-byte
// expect: possible 40 bytes in 1 block, in make_block
// run: both
// expect: nothing lost
#include "claim.h"

char *middle;
char *start;

int main(int argc, char **argv)
{
    char *block = make_block(40);

    if (is_run(argc, argv, "middle"))
        middle = block + 24;
    if (is_run(argc, argv, "last-byte"))
        middle = block + 39;
    if (is_run(argc, argv, "both")) {
        middle = block + 24;
        start = block;
    }
    return 0;
}
