// A snapshot has no room for what judging remembers: the next one has, and the report says so.
//
// inject: mremap:errno=12:who=copy:most=4
// expect: status 5
// expect: at least 5 collections
// expect: reason no memory to compare collections
// expect: lost 40 bytes in 1 block, in make_block
#include "fault.h"

int main(void)
{
    return fault_main();
}
