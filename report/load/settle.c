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

static struct key key_of_objects(const void *item)
{
    const struct leakfile_objects *what = &((const struct objects *)item)->what;
    return (struct key){.high = what->stack, .low = (uint64_t)what->kind << 32 | what->flags};
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

/* A call path that holds no mapping any more is gone. */
static void process_settle_externals(struct process *process)
{
    size_t kept = 0;
    for (size_t i = 0; i < process->externals.count; i++)
        if (process->externals.items[i].mappings != 0)
            process->externals.items[kept++] = process->externals.items[i];
    process->externals.count = kept;
}

/* The collections of one sort, in order: all that did not fail, or the periodic ones of these. */
struct course {
    uint32_t *numbers;
    uint64_t *times_ns;
    size_t count;
};

static struct course course_of(struct arena *scratch, const struct process *process, bool periodic)
{
    size_t count = process->collections.count;
    struct course course = {arena_alloc(scratch, count * sizeof *course.numbers + 1),
                            arena_alloc(scratch, count * sizeof *course.times_ns + 1), 0};
    for (size_t i = 0; i < count; i++) {
        const struct leakfile_collection *what = &process->collections.items[i];
        bool is_asked =
            what->trigger == LEAKFILE_TRIGGER_EXIT || what->trigger == LEAKFILE_TRIGGER_REQUEST;
        if ((what->flags & LEAKFILE_COLLECTION_FAILED) != 0 || (periodic && is_asked))
            continue;
        course.numbers[course.count] = what->n;
        course.times_ns[course.count++] = what->at_ns;
    }
    return course;
}

/* A finding is written when it changes; one that is not gone has lasted until the last collection
 * of its course. */
static void finding_bring_up_to_date(struct leakfile_finding *finding, const struct course *course)
{
    size_t low = 0;
    size_t high = course->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (course->numbers[middle] < finding->first_seen)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == course->count)
        return;
    uint64_t first_ns = course->times_ns[low];
    uint64_t last_ns = course->times_ns[course->count - 1];
    if (course->count - low > finding->confirmed)
        finding->confirmed = (uint32_t)(course->count - low);
    if (last_ns > first_ns && last_ns - first_ns > finding->age_ns)
        finding->age_ns = last_ns - first_ns;
}

static void process_bring_up_to_date(struct process *process)
{
    struct arena scratch = {0};
    struct course all = course_of(&scratch, process, false);
    struct course periodic = course_of(&scratch, process, true);
    for (size_t i = 0; i < process->findings.count; i++) {
        struct leakfile_finding *finding = &process->findings.items[i];
        bool is_growth =
            finding->kind == LEAKFILE_KIND_GROWING || finding->kind == LEAKFILE_KIND_SETTLING;
        finding_bring_up_to_date(finding, is_growth ? &periodic : &all);
    }
    arena_free(&scratch);
}

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
    SETTLE(process->objects, key_of_objects);

    /* A finding with no blocks is gone. */
    size_t kept = 0;
    for (size_t i = 0; i < process->findings.count; i++)
        if (process->findings.items[i].blocks != 0)
            process->findings.items[kept++] = process->findings.items[i];
    process->findings.count = kept;
    process_settle_externals(process);
    process_bring_up_to_date(process);
}
