// A tree is one leak when its root is lost, its two halves are two, and none is one while the root
// is held.
//
// run: given
// expect: nothing lost
// run: gone
// expect: lost 32 bytes in 1 block, indirect 960 bytes in 30 blocks, in make_block
// run: halves
// expect: lost 64 bytes in 2 blocks, indirect 896 bytes in 28 blocks, in make_block
#include "claim.h"

enum { NODES = 31 };

struct node {
    struct node *less;
    struct node *more;
    long value[2];
};

struct node *root;

static OWN_FRAME void make_tree(void)
{
    struct node *nodes[NODES];

    for (int i = 0; i < NODES; i++)
        nodes[i] = make_block(sizeof *nodes[i]);
    for (int i = 1; i < NODES; i++)
        *(i % 2 != 0 ? &nodes[(i - 1) / 2]->less : &nodes[(i - 1) / 2]->more) = nodes[i];
    root = nodes[0];
    memset(opaque(nodes), 0, sizeof nodes);
}

int main(int argc, char **argv)
{
    make_tree();
    if (is_run(argc, argv, "gone"))
        root = NULL;
    if (is_run(argc, argv, "halves"))
        root->less = root->more = NULL;
    scrub();
    return 0;
}
