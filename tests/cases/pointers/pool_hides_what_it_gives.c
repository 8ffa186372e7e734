// A pool that describes nothing is one block: what it gives is part of it, lost with it, and not
// told when only that is lost.
//
// run: pool-held
// expect: nothing lost
// run: item-held
// expect: possible 8192 bytes in 1 block, in make_pool
// run: gone
// expect: lost 8192 bytes in 1 block, in make_pool
#include "claim.h"

static char *pool;
static size_t used;
void *item;

static OWN_FRAME void make_pool(void)
{
    pool = opaque(calloc(1, 8192));
    must(pool != NULL);
}

static OWN_FRAME void *take(size_t bytes)
{
    void *taken = pool + used;
    used += bytes;
    return taken;
}

int main(int argc, char **argv)
{
    make_pool();
    take(64);
    take(64);
    void *third = take(64);
    if (is_run(argc, argv, "item-held"))
        item = third;
    if (!is_run(argc, argv, "pool-held"))
        pool = NULL;
    scrub();
    return 0;
}
