// One pointer from outside into a graph full of rings keeps all that it leads to, and no more.
//
// run: given
// expect: nothing lost
// run: gone
// expect: lost 64 bytes in 1 block, indirect 6336 bytes in 99 blocks, in make_block, a ring
#include "claim.h"

enum { NODES = 100, EDGES = 8 };

void **held;

static OWN_FRAME void make_graph(void)
{
    void **nodes[NODES];

    for (int i = 0; i < NODES; i++)
        nodes[i] = make_block(EDGES * sizeof(void *));
    for (int i = 0; i < NODES; i++)
        for (int k = 0; k < EDGES; k++)
            nodes[i][k] = nodes[(i * 7 + k * 13 + 1) % NODES];
    held = nodes[42];
    memset(opaque(nodes), 0, sizeof nodes);
}

int main(int argc, char **argv)
{
    make_graph();
    if (is_run(argc, argv, "gone"))
        held = NULL;
    scrub();
    return 0;
}
