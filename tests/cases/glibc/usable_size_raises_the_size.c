// A program that asks malloc_usable_size may use the whole of it: the answer is the block's size.
//
// run: asked
// expect: lost 24 bytes in 1 block, in lose
// run: silent
// expect: lost 20 bytes in 1 block, in lose
// run: pointer-in-slack
// expect: nothing lost
#include "claim.h"

#include <malloc.h>

void **holder;

static OWN_FRAME void *lose(void)
{
    void *block = opaque(calloc(1, 20));
    must(block != NULL);
    return block;
}

int main(int argc, char **argv)
{
    void *block = lose();

    if (is_run(argc, argv, "asked"))
        must(malloc_usable_size(block) == 24);
    if (is_run(argc, argv, "pointer-in-slack")) {
        holder = block;
        must(malloc_usable_size(holder) == 24);
        holder[2] = make_block(40);
    }
    return 0;
}
