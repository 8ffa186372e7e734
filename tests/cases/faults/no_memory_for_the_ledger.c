// There is no memory to record the blocks of one part of the heap: they are not recorded, what they
// hold is not lost, and the report says that something is missing.
//
// inject: mmap:errno=12:who=program:arg1=16781312
// expect: status 5
// expect: reason no memory for recording
#include "fault.h"

int main(void)
{
    return fault_main();
}
