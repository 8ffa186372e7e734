// A snapshot is killed when a part of its frame is in the file: the next collections are made, told
// behind that part, and read. The report says that something is missing.
//
// inject: write:tear=200:who=copy:most=1
// expect: status 5
// expect: reason the file is damaged: a part of it is missing
// expect: reason a collection failed; the next one came
// expect: at least 5 collections
// expect: lost 40 bytes in 1 block, in make_block
#include "fault.h"

int main(void)
{
    return fault_main();
}
