// An allocator behind Seep that looks up the next one by dlsym at its first call, which allocates
// in turn, does not recurse for ever.
//
// preload: {folder}/helper_asking_allocator.so
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

int main(void)
{
    make_block(40);
    scrub();
    return 0;
}
