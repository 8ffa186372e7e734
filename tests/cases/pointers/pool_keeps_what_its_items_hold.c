// What the items of a pool point at is held as long as the pool is.
//
// run: given
// expect: nothing lost
// run: gone
// expect: lost 8192 bytes in 1 block, indirect 400 bytes in 10 blocks, in make_pool
#include "claim.h"

void **pool;

static OWN_FRAME void make_pool(void)
{
    pool = opaque(calloc(1, 8192));
    must(pool != NULL);
    for (int i = 0; i < 10; i++)
        pool[i * 50 + 3] = make_block(40);
}

int main(int argc, char **argv)
{
    make_pool();
    if (is_run(argc, argv, "gone"))
        pool = NULL;
    scrub();
    return 0;
}
