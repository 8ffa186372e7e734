// There is address space for the program and not for the library's tables: it runs unwatched, which
// one line on standard error tells.
//
// option: print=summary
// inject: mmap:errno=12:who=program:arg3&0x4000=0x4000
// expect: status 5
// expect: told cannot start: no memory; the program runs unwatched
// expect: no file
#include "fault.h"

int main(void)
{
    return fault_main();
}
