// There is address space for the program and not for the library's tables: it runs unwatched.
//
// inject: mmap:errno=12:who=program:arg3&0x4000=0x4000
// expect: status 5
// expect: no file
#include "fault.h"

int main(void)
{
    return fault_main();
}
