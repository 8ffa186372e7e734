// /proc is missing, as in many a chroot: nothing can be stopped, no collection is possible.
//
// inject: openat:errno=2:path=/proc/
// inject: readlink:errno=2:path=/proc/
// expect: status 5
// expect: reason /proc is missing
#include "fault.h"

int main(void)
{
    return fault_main();
}
