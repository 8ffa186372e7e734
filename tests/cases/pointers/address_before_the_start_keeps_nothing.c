// An array that counts from 1 is held by the address before its start: that is no pointer to it.
//
// run: 8
// expect: lost 40 bytes in 1 block, in make_block
// run: 1
// expect: lost 40 bytes in 1 block, in make_block
// run: 0
// expect: nothing lost
#include "claim.h"

char *before;

int main(int argc, char **argv)
{
    must(argc == 2);
    before = (char *)make_block(40) - atoi(argv[1]);
    return 0;
}
