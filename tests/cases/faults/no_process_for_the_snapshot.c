// No process can be cloned for the snapshot: it is marked in place, and said.
//
// inject: clone:errno=11:arg0&0x500=0x400
// expect: status 5
// expect: reason marked in place
// expect: at least 5 collections
// expect: lost 40 bytes in 1 block, in make_block
#include "fault.h"

int main(void)
{
    return fault_main();
}
