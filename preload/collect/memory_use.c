/* Reads the program's memory use; see memory_use.h. */
#include "memory_use.h"

#include "../base/pages.h"
#include "../base/sys.h"
#include "../base/text.h"
#include "../record/external.h"
#include "../record/ledger.h"

static uint64_t memory_use_rss(int program_pid)
{
    char name[48];
    char statm[128] = "";
    struct text path = TEXT_OF(name);
    text_add(&path, "/proc/");
    text_add_number(&path, (uint64_t)program_pid);
    text_add(&path, "/statm");
    if (sys_read_file(path.start, statm, sizeof statm - 1) <= 0)
        return 0;
    const char *at = statm;
    text_number(&at, 10);
    if (*at == ' ')
        at++;
    return text_number(&at, 10) * PAGES_BYTES;
}

/* Pages that hold or held a block and were not given back: what the allocator holds. */
static uint64_t memory_use_heap_total(void)
{
    uint64_t pages = 0;
    for (size_t i = ledger_leaf_next(0); i < ledger_leaf_end(); i = ledger_leaf_next(i + 1)) {
        const struct ledger_leaf *leaf = ledger_leaves[i];
        for (size_t word = 0; word < LEDGER_PAGES / 64; word++)
            pages += (uint64_t)__builtin_popcountll(leaf->pages[word]);
    }
    return pages * PAGES_BYTES;
}

void memory_use_read(struct leakfile_collection *record, int program_pid)
{
    record->rss_bytes = memory_use_rss(program_pid);
    record->heap_total_bytes = memory_use_heap_total();
    record->external_bytes = external_total();
}

struct memory_use_list {
    struct leakfile_external *externals;
    size_t count;
    size_t max;
};

static void memory_use_external_cb(void *argument, uint32_t stack, struct external_sum sum)
{
    struct memory_use_list *list = argument;
    if (list->count < list->max)
        list->externals[list->count++] = (struct leakfile_external){
            .stack = stack, .bytes = sum.bytes, .mappings = sum.mappings};
}

size_t memory_use_externals(struct leakfile_external *externals, size_t max)
{
    struct memory_use_list list = {externals, 0, max};
    external_each(memory_use_external_cb, &list);
    return list.count;
}
