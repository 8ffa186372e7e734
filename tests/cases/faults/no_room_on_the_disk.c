// The disk is full when the first collection is written, and has room again later.
//
// inject: write:errno=28:who=copy:most=3
// expect: status 5
// expect: reason records could not be written
// expect: at least 3 collections
// expect: lost 40 bytes in 1 block, in make_block
#include "fault.h"

int main(void)
{
    return fault_main();
}
