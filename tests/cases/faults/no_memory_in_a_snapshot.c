// A snapshot gets no memory for its mark: that collection failed, which is told, and the next ones
// come.
//
// inject: mmap:errno=12:who=copy:most=9
// expect: status 5
// expect: reason a collection failed; the next one came
// expect: at least 5 collections
// expect: lost 40 bytes in 1 block, in make_block
#include "fault.h"

int main(void)
{
    return fault_main();
}
