// A range of begin, end and end of capacity, as vectors have it, is held by its begin; by the other
// two only it may be lost.
//
// run: all
// expect: nothing lost
// run: no-begin
// expect: possible 80 bytes in 1 block, in make_block
// run: only-end
// expect: lost 80 bytes in 1 block, in make_block
#include "claim.h"

struct {
    char *begin, *end, *capacity;
} range;

int main(int argc, char **argv)
{
    char *block = make_block(80);

    range.begin = is_run(argc, argv, "all") ? block : NULL;
    range.end = is_run(argc, argv, "only-end") ? NULL : block + 56;
    range.capacity = block + 80;
    return 0;
}
