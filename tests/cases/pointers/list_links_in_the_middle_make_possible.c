// Lists whose links point at links within their blocks: counted where the link is the block's first
// word or its second but one, else only possible.
//
// run: 0
// expect: nothing lost
// run: 2
// expect: nothing lost
// run: 4
// expect: possible 192 bytes in 3 blocks, in make_block
// run: 4 gone
// expect: lost 64 bytes in 1 block, indirect 128 bytes in 2 blocks, in make_block
#include "claim.h"

enum { NODES = 3, WORDS = 8 };

void **head;

static OWN_FRAME void make_list(int link)
{
    for (int i = 0; i < NODES; i++) {
        void **node = make_block(WORDS * sizeof *node);
        node[link] = head;
        head = node + link;
    }
}

int main(int argc, char **argv)
{
    must(argc >= 2);
    make_list(atoi(argv[1]));
    if (argc == 3)
        head = NULL;
    scrub();
    return 0;
}
