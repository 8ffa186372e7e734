// There is no memory for what judging remembers: each collection judges for itself, and the report
// says that growth was not judged. The first shared mapping is the section's own.
//
// inject: mmap:errno=12:who=program:arg3&0x21=0x21:skip=1
// expect: status 5
// expect: at least 5 collections
// expect: reason no memory to compare collections
// expect: lost 40 bytes in 1 block, in make_block
#include "fault.h"

int main(void)
{
    return fault_main();
}
