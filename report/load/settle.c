/*
 * Gives the arrays of a process their order and keeps the last of records with the same key.
 *
 * Sorting instead of a table keeps this at n log n for any input; the sort is made stable by
 * each item's place in the file.
 */
#include "section.h"

#include <string.h>

struct key {
    uint64_t high;
    uint64_t low;
    size_t index;
};

static int compare_keys(const void *a, const void *b)
{
    const struct key *x = a;
    const struct key *y = b;
    int order = compare_u64(x->high, y->high);
    if (order == 0)
        order = compare_u64(x->low, y->low);
    return order != 0 ? order : compare_u64(x->index, y->index);
}

static struct key key_of_module(const void *item)
{
    return (struct key){.high = ((const struct module *)item)->id};
}

static struct key key_of_stack(const void *item)
{
    return (struct key){.high = ((const struct stack *)item)->id};
}

static struct key key_of_collection(const void *item)
{
    return (struct key){.high = ((const struct leakfile_collection *)item)->n};
}

static struct key key_of_finding(const void *item)
{
    const struct leakfile_finding *finding = item;
    return (struct key){.high = finding->stack,
                        .low = (uint64_t)finding->kind << 32 | finding->flags};
}

static struct key key_of_holder(const void *item)
{
    const struct holder *holder = item;
    return (struct key){.high = holder->what.stack, .low = holder->what.sample};
}

static struct key key_of_reason(const void *item)
{
    return (struct key){.high = ((const struct reason *)item)->code};
}

static struct key key_of_growth(const void *item)
{
    return (struct key){.high = ((const struct growth *)item)->what.stack};
}

static struct key key_of_warning(const void *item)
{
    return (struct key){.high = ((const struct leakfile_warning *)item)->collection};
}

static struct key key_of_external(const void *item)
{
    return (struct key){.high = ((const struct leakfile_external *)item)->stack};
}

struct items {
    void *items;
    size_t count;
    size_t item_bytes;
};

/* Returns how many items remain. */
static size_t items_settle(struct items all, struct key (*key_of)(const void *))
{
    if (all.count < 2)
        return all.count;
    struct arena scratch = {0};
    struct key *keys = arena_alloc(&scratch, all.count * sizeof *keys);
    char *copy = arena_alloc(&scratch, all.count * all.item_bytes);
    memcpy(copy, all.items, all.count * all.item_bytes);
    for (size_t i = 0; i < all.count; i++) {
        keys[i] = key_of(copy + i * all.item_bytes);
        keys[i].index = i;
    }
    sort_items(keys, all.count, sizeof *keys, compare_keys);

    size_t kept = 0;
    for (size_t i = 0; i < all.count; i++) {
        bool replaced =
            i + 1 < all.count && keys[i].high == keys[i + 1].high && keys[i].low == keys[i + 1].low;
        if (replaced)
            continue;
        memcpy((char *)all.items + kept * all.item_bytes, copy + keys[i].index * all.item_bytes,
               all.item_bytes);
        kept++;
    }
    arena_free(&scratch);
    return kept;
}

#define SETTLE(vec, key_of)                                                                        \
    ((vec).count =                                                                                 \
         items_settle((struct items){(vec).items, (vec).count, sizeof(*(vec).items)}, key_of))

void process_settle(struct process *process)
{
    SETTLE(process->modules, key_of_module);
    SETTLE(process->stacks, key_of_stack);
    SETTLE(process->collections, key_of_collection);
    SETTLE(process->findings, key_of_finding);
    SETTLE(process->holders, key_of_holder);
    SETTLE(process->reasons, key_of_reason);
    SETTLE(process->growths, key_of_growth);
    SETTLE(process->warnings, key_of_warning);
    SETTLE(process->externals, key_of_external);

    /* A finding with no blocks is gone. */
    size_t kept = 0;
    for (size_t i = 0; i < process->findings.count; i++)
        if (process->findings.items[i].blocks != 0)
            process->findings.items[kept++] = process->findings.items[i];
    process->findings.count = kept;
}
