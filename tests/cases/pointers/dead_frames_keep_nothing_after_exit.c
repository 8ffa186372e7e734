// Words that dead frames left below the caller of exit keep nothing; live frames above it keep.
//
// run: dead
// expect: lost 4000 bytes in 100 blocks, in make_block
// run: live
// expect: nothing lost
#include "claim.h"

static bool is_live;

static OWN_FRAME void fill(void *volatile *words)
{
    for (int i = 0; i < 100; i++)
        words[i] = make_block(40);
}

static OWN_FRAME void leave_words(void)
{
    void *volatile words[100];

    fill(words);
    __asm__ volatile("" : : "r"(words) : "memory");
    if (is_live)
        exit(0);
    __asm__ volatile("" : : "r"(words) : "memory");
}

int main(int argc, char **argv)
{
    is_live = is_run(argc, argv, "live");
    leave_words();
    exit(0);
}
