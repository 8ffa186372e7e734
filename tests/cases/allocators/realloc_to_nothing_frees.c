// realloc to 0 frees the block; of NULL to 0 it makes an empty one.
//
// run: freed
// expect: nothing lost
// run: empty
// expect: lost 0 bytes in 1 block, in resize
// run: one
// expect: lost 1 byte in 1 block, in resize
#include "claim.h"

static OWN_FRAME void *resize(void *block, size_t bytes)
{
    return opaque(realloc(opaque(block), bytes));
}

int main(int argc, char **argv)
{
    volatile size_t none = 0;

    if (is_run(argc, argv, "freed"))
        must(resize(make_block(40), none) == NULL);
    if (is_run(argc, argv, "empty"))
        must(resize(NULL, none) != NULL);
    if (is_run(argc, argv, "one"))
        must(resize(make_block(40), 1) != NULL);
    return 0;
}
