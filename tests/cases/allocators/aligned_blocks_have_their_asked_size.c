// Odd sizes at every alignment are reported as they were asked for, and freed ones are not.
//
// run: lose
// expect: lost 157794 bytes in 85 blocks, in make_one
// run: free
// expect: nothing lost
#include "claim.h"

#include <malloc.h>

static const size_t sizes[] = {0, 1, 7, 33, 9241};

static OWN_FRAME void *make_one(size_t alignment, size_t bytes)
{
    void *block = NULL;

    must(posix_memalign(&block, alignment, bytes) == 0 && block != NULL);
    must((uintptr_t)block % alignment == 0);
    return opaque(block);
}

static OWN_FRAME void make_all(bool frees)
{
    for (size_t alignment = 8; alignment <= 512 << 10; alignment *= 2)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            void *block = make_one(alignment, sizes[i]);
            if (frees)
                free(block);
        }
}

int main(int argc, char **argv)
{
    make_all(is_run(argc, argv, "free"));
    scrub();
    return 0;
}
