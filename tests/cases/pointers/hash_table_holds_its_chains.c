// A table of chains is held by the table; chains that are cut off are lost from the cut on.
//
// run: given
// expect: nothing lost
// run: cut
// expect: lost 32 bytes in 1 block, indirect 96 bytes in 3 blocks, in make_block
// run: gone
// expect: lost 128 bytes in 1 block, indirect 3200 bytes in 100 blocks, in make_table
#include "claim.h"

enum { BUCKETS = 16 };

struct entry {
    struct entry *next;
    long key[3];
};

struct entry **table;

static OWN_FRAME void make_table(void)
{
    table = opaque(calloc(BUCKETS, sizeof *table));
    must(table != NULL);
    for (int i = 0; i < 100; i++) {
        struct entry *entry = make_block(sizeof *entry);
        entry->next = table[i % BUCKETS];
        table[i % BUCKETS] = entry;
    }
}

int main(int argc, char **argv)
{
    make_table();
    if (is_run(argc, argv, "cut"))
        table[0]->next->next->next = NULL; // 7 entries are in this chain
    if (is_run(argc, argv, "gone"))
        table = NULL;
    scrub();
    return 0;
}
