// heapUsed is the sum of all blocks that were not freed, as they were asked for, whoever freed the
// others and whatever became of them in between.
//
// run: some
// expect: heapUsed 1150 bytes
// expect: nothing lost
// run: none
// expect: heapUsed 0 bytes
// expect: nothing lost
#include "claim.h"

enum { BLOCKS = 100 };

static void *blocks[BLOCKS];
static void *grown;
static void *shrunk;
static void *zeroed;
static void *aligned;

static void allocate(void)
{
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = malloc(1000);
    grown = realloc(malloc(10), 100);
    shrunk = realloc(malloc(100000), 30);
    zeroed = calloc(4, 5);
    must(posix_memalign(&aligned, 256, 500) == 0);
    must(realloc(grown, SIZE_MAX / 4) == NULL); /* it stays */
}

int main(int argc, char **argv)
{
    allocate();
    for (int i = 1; i < BLOCKS; i++)
        free(blocks[i]);
    blocks[0] = realloc(blocks[0], 500);
    if (is_run(argc, argv, "some"))
        return 0;
    free(blocks[0]);
    free(grown);
    free(shrunk);
    free(zeroed);
    free(aligned);
    return 0;
}
