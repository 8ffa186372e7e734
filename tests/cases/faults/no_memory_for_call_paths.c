// There is no memory for more call paths: what has a known one is named, later blocks have none,
// and the report says so.
//
// inject: mmap:errno=12:who=program:arg1=131072:skip=2
// expect: status 5
// expect: reason no room for more call paths
// expect: lost 40 bytes in 1 block, in make_block
// expect: lost 50 bytes in 1 block, in no known function
#include "fault.h"

static void right(int turns, unsigned path);

static bool is_lost; /* what is allocated from now on */

/* Allocates at the end of each of so many paths: left or right at each turn. */
static OWN_FRAME void left(int turns, unsigned path)
{
    if (turns == 0 && is_lost)
        make_block(50);
    else if (turns == 0)
        free(opaque(malloc(30)));
    else if (path & 1)
        right(turns - 1, path >> 1);
    else
        left(turns - 1, path >> 1);
    opaque(&path);
}

static OWN_FRAME void right(int turns, unsigned path)
{
    left(turns, path);
    opaque(&path);
}

int main(void)
{
    fault_lose(40);
    for (unsigned path = 0; path < 1024; path++)
        left(10, path);
    is_lost = true;
    left(10, 0); /* as long as the others: a short one may still have room */
    scrub();
    fault_live(30);
    puts("done");
    return FAULT_STATUS;
}
