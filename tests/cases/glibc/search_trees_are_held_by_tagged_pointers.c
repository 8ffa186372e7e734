// tsearch keeps a node's colour in the lowest bit of its pointers: the tree is held all the same,
// lost as a whole when its root is, and the items with it.
//
// run: given
// expect: nothing lost
// run: gone
// expect: lost 24 bytes in 1 block, indirect 4776 bytes in 199 blocks, in fill
// run: destroyed
// expect: nothing lost
#include "claim.h"

#include <search.h>

static void *tree;

static int compare(const void *one, const void *other)
{
    int difference = *(const int *)one - *(const int *)other;
    return difference;
}

static OWN_FRAME void fill(void)
{
    for (int i = 0; i < 100; i++) {
        int *item = opaque(calloc(1, 24));
        *item = i * 37 % 100;
        must(tsearch(item, &tree, compare) != NULL);
    }
}

int main(int argc, char **argv)
{
    fill();
    if (is_run(argc, argv, "gone"))
        tree = NULL;
    if (is_run(argc, argv, "destroyed"))
        tdestroy(tree, free);
    scrub();
    return 0;
}
