// A pointer to the start with a tag in its low three bits counts as one to the start.
//
// run: 1
// expect: nothing lost
// run: 7
// expect: nothing lost
// run: 8
// expect: possible 40 bytes in 1 block, in make_block
#include "claim.h"

char *tagged;

int main(int argc, char **argv)
{
    must(argc == 2);
    tagged = (char *)make_block(40) + atoi(argv[1]);
    return 0;
}
