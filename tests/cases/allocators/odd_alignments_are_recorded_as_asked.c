// aligned_alloc and memalign with sizes that are no multiple, and alignments that are no power of
// two: what the allocator makes of it is recorded with the size that was asked for.
//
// run: lose
// expect: lost 600 bytes in 6 blocks, in make_odd
// expect: lost 303 bytes in 3 blocks, in make_unfit
// run: hold
// expect: nothing lost
#include "claim.h"

#include <malloc.h>

static void *held[9];

static OWN_FRAME void *make_odd(size_t alignment)
{
    return opaque(memalign(alignment, 100));
}

static OWN_FRAME void *make_unfit(size_t alignment)
{
    return opaque(aligned_alloc(alignment, 101));
}

static OWN_FRAME void make_all(void)
{
    static const volatile size_t alignments[] = {1, 3, 24, 100, 1000, 5000, 64, 128, 4096};

    for (int i = 0; i < 9; i++) {
        held[i] = i < 6 ? make_odd(alignments[i]) : make_unfit(alignments[i]);
        must(held[i] != NULL);
    }
}

int main(int argc, char **argv)
{
    make_all();
    if (is_run(argc, argv, "lose"))
        memset(opaque(held), 0, sizeof held);
    scrub();
    return 0;
}
