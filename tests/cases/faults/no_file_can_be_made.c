// The folder for the leak report file cannot be written to at all.
//
// inject: openat:errno=28:arg2&0x40=0x40
// expect: status 5
// expect: no file
#include "fault.h"

int main(void)
{
    return fault_main();
}
