// Two hundred thousand nodes behind a lost one hang on it, each counted.
//
// run: gone
// expect: lost 24 bytes in 1 block, indirect 4799976 bytes in 199999 blocks, in make_block
// run: given
// expect: nothing lost
#include "claim.h"

void **head;

static OWN_FRAME void make_list(void)
{
    for (int i = 0; i < 200000; i++) {
        void **node = make_block(24);
        node[1] = head;
        head = node;
    }
}

int main(int argc, char **argv)
{
    make_list();
    if (is_run(argc, argv, "gone"))
        head = NULL;
    scrub();
    return 0;
}
