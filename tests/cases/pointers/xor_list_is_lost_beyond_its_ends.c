// A list whose nodes hold the exclusive or of both neighbours is found from its ends one node deep;
// what lies between is lost, unless something else holds it.
//
// run: ends
// expect: lost 24 bytes in 1 block, in make_block
// run: middle-too
// expect: nothing lost
// run: gone
// expect: lost 72 bytes in 3 blocks, indirect 48 bytes in 2 blocks, in make_block
#include "claim.h"

enum { NODES = 5 };

struct node {
    uintptr_t link;
    long value[2];
};

struct node *first, *last, *middle;

static OWN_FRAME void make_list(void)
{
    struct node *nodes[NODES];

    for (int i = 0; i < NODES; i++)
        nodes[i] = make_block(sizeof *nodes[i]);
    for (int i = 0; i < NODES; i++) {
        uintptr_t before = i == 0 ? 0 : (uintptr_t)nodes[i - 1];
        uintptr_t behind = i == NODES - 1 ? 0 : (uintptr_t)nodes[i + 1];
        nodes[i]->link = before ^ behind;
    }
    first = nodes[0];
    middle = nodes[2];
    last = nodes[4];
    memset(opaque(nodes), 0, sizeof nodes);
}

int main(int argc, char **argv)
{
    make_list();
    scrub();
    if (!is_run(argc, argv, "middle-too"))
        middle = NULL;
    if (is_run(argc, argv, "gone"))
        first = last = NULL;
    return 0;
}
