// The disk has room for the first page of the file and not for what comes behind it: no file is
// left that says nothing, and the next collection begins one of its own.
//
// inject: write:errno=28:who=program:skip=1:most=1
// expect: status 5
// expect: reason records could not be written
// expect: at least 3 collections
// expect: lost 40 bytes in 1 block, in make_block
#include "fault.h"

int main(void)
{
    return fault_main();
}
