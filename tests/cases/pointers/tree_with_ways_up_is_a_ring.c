// Where children point at their parents, a lost tree is a ring, led by its biggest block.
//
// run: gone
// expect: lost 104 bytes in 1 block, indirect 128 bytes in 4 blocks, in make_root, a ring
// run: leaf
// expect: nothing lost
#include "claim.h"

struct node {
    struct node *up;
    struct node *down[3];
};

struct node *held;

static OWN_FRAME struct node *make_root(void)
{
    struct node *node = opaque(calloc(1, 104));
    must(node != NULL);
    return node;
}

static OWN_FRAME void make_tree(void)
{
    struct node *top = make_root();

    for (int i = 0; i < 3; i++) {
        top->down[i] = make_block(sizeof *top);
        top->down[i]->up = top;
    }
    held = make_block(sizeof *top);
    held->up = top->down[1];
    top->down[1]->down[0] = held;
}

int main(int argc, char **argv)
{
    make_tree();
    if (is_run(argc, argv, "gone"))
        held = NULL;
    scrub();
    return 0;
}
