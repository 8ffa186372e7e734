// No thread can be started for the mark of a large heap: it is marked by one.
//
// inject: clone:errno=11:arg0&0x10000=0x10000:who=copy
// inject: openat:errno=2:path=/proc/loadavg:who=copy
// inject: openat:errno=2:path=/proc/self/cgroup:who=copy
// option: interval=0
// expect: status 5
// expect: no other reason
// expect: lost 48 bytes in 1 block, indirect 3145632 bytes in 65534 blocks, in make_block
// expect: possible 3145680 bytes in 65535 blocks, in make_block
#include "large_heap.h"

int main(void)
{
    return large_heap_main();
}
