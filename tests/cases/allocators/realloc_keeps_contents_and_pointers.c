// A block that realloc moves is recorded at its new place only, and its pointers keep what they
// did.
//
// run: given
// expect: nothing lost
// run: gone
// expect: lost 80000 bytes in 1 block, indirect 40 bytes in 1 block, in grow
#include "claim.h"

void **table;

static OWN_FRAME void grow(size_t words)
{
    table = opaque(realloc(table, words * sizeof *table));
    must(table != NULL);
}

int main(int argc, char **argv)
{
    grow(2);
    table[1] = make_block(40);
    for (size_t words = 3; words <= 10000; words++) {
        grow(words);
        table[words - 1] = NULL;
    }
    if (is_run(argc, argv, "gone"))
        table = NULL;
    return 0;
}
