// A snapshot reads where nothing is mapped, and ends by a fault of its own: the program does not
// see it, that collection failed, which is told, and the next ones come.
//
// inject: mmap:value=4096:who=copy:skip=2:most=1
// expect: status 5
// expect: reason a collection failed; the next one came
// expect: at least 5 collections
// expect: lost 40 bytes in 1 block, in make_block
#include "fault.h"

int main(void)
{
    return fault_main();
}
