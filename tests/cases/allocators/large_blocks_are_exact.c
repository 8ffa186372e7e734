// Blocks over 32 MB are exact to the byte, those of 128 MB and more are rounded up to 4 KiB; both
// hold what their last words point at.
//
// run: 33554433
// expect: lost 33554433 bytes in 1 block, indirect 40 bytes in 1 block, in make_large
// run: 134217727
// expect: lost 134217727 bytes in 1 block, indirect 40 bytes in 1 block, in make_large
// run: 134217728
// expect: lost 134217728 bytes in 1 block, indirect 40 bytes in 1 block, in make_large
// run: 200000001
// expect: lost 200003584 bytes in 1 block, indirect 40 bytes in 1 block, in make_large
// run: 4294967296
// expect: lost 4294967296 bytes in 1 block, indirect 40 bytes in 1 block, in make_large
// run: 200000001 held
// expect: nothing lost
// run: 33554433 held
// expect: nothing lost
#include "claim.h"

void **held;

static OWN_FRAME void make_large(size_t bytes)
{
    held = opaque(malloc(bytes));
    if (held == NULL)
        exit(CANNOT_RUN_HERE);
    held[bytes / 8 - 1] = make_block(40);
}

int main(int argc, char **argv)
{
    must(argc >= 2);
    make_large((size_t)strtoul(argv[1], NULL, 10));
    if (argc == 2)
        held = NULL;
    scrub();
    return 0;
}
