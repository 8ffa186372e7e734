// There is no memory for the caches of call paths: each path is walked, and nothing is missing.
//
// inject: mmap:errno=12:who=program:arg1=24576:arg3&0x4000=0x4000
// expect: status 5
// expect: at least 5 collections
// expect: lost 40 bytes in 1 block, in make_block
#include "fault.h"

int main(void)
{
    return fault_main();
}
