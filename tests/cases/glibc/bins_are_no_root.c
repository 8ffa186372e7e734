// glibc's lists of free chunks, whose heads point into the last words of the block before a chunk,
// do not keep that block.
//
// run: unsorted
// expect: lost 1032 bytes in 1 block, in make_block
// run: large
// expect: lost 1032 bytes in 1 block, in make_block
// run: small
// expect: lost 1032 bytes in 1 block, in make_block
// run: fast
// expect: lost 1032 bytes in 1 block, in make_block
// run: remainder
// expect: lost 1032 bytes in 1 block, in make_block
#include "claim.h"

enum { CACHED = 7 }; // free blocks of a size that a thread keeps for itself

void *guard;

// A block to lose, and behind it a chunk that goes to a list of free chunks.
static void lose_before_free(size_t bytes)
{
    void *cached[CACHED];

    for (int i = 0; i < CACHED; i++)
        cached[i] = make_block(bytes);
    char *block = make_block(1032);
    char *behind = make_block(bytes);
    must(behind == block + 1040);
    guard = make_block(64); // keeps the free chunk off the end of the heap
    for (int i = 0; i < CACHED; i++)
        free(cached[i]);
    free(behind);
}

int main(int argc, char **argv)
{
    bool is_small = is_run(argc, argv, "small");

    if (is_run(argc, argv, "fast"))
        lose_before_free(56);
    else
        lose_before_free(is_small ? 500 : 3000);
    // A request that fits nowhere sorts the chunk into its bin; one that fits splits it.
    if (is_run(argc, argv, "large") || is_small)
        free(make_block(50000));
    if (is_run(argc, argv, "remainder"))
        free(make_block(2000));
    scrub();
    return 0;
}
