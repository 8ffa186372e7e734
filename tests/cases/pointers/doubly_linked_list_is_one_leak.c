// A list whose nodes point both ways is a ring: one leak, or none while any node is held.
//
// run: gone
// expect: lost 24 bytes in 1 block, indirect 216 bytes in 9 blocks, in make_block, a ring
// run: first
// expect: nothing lost
// run: middle
// expect: nothing lost
#include "claim.h"

struct node {
    struct node *next;
    struct node *before;
    long value;
};

struct node *held;

static OWN_FRAME void make_list(int keep)
{
    struct node *last = NULL;

    for (int i = 0; i < 10; i++) {
        struct node *node = make_block(sizeof *node);
        node->before = last;
        if (last != NULL)
            last->next = node;
        last = node;
        if (i == keep)
            held = node;
    }
}

int main(int argc, char **argv)
{
    make_list(is_run(argc, argv, "first") ? 0 : is_run(argc, argv, "middle") ? 5 : -1);
    scrub();
    return 0;
}
