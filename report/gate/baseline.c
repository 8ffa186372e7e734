/*
 * Findings against a baseline; see baseline.h.
 *
 * Two lines of one function have one id. Within an id, each finding takes an entry of its own, the
 * nearest first, so that a second leak beside a known one is the one that is new.
 */
#include "baseline.h"

#include <inttypes.h>
#include <string.h>

int baseline_compare_entries(const void *a, const void *b)
{
    const struct baseline_entry *x = *(struct baseline_entry *const *)a;
    const struct baseline_entry *y = *(struct baseline_entry *const *)b;
    int order = strcmp(x->program, y->program);
    if (order == 0)
        order = strcmp(x->id, y->id);
    if (order == 0)
        order = compare_u64(x->kind, y->kind);
    return order != 0 ? order : compare_u64(y->bytes, x->bytes);
}

static const char *frame_words(struct arena *arena, const struct frame *frame)
{
    if (frame->function != NULL)
        return frame->function;
    const char *path = frame->module == NULL ? "" : frame->module->path;
    const char *slash = strrchr(path, '/');
    return arena_print(arena, "%s+0x%" PRIx64, slash == NULL ? path : slash + 1, frame->offset);
}

void baseline_take(struct report *report, struct baseline *baseline)
{
    struct arena *arena = &report->model->arena;
    for (size_t i = 0; i < report->findings.count; i++) {
        const struct finding *finding = report->findings.items[i];
        if (finding->suppressed != NULL || finding->kind == LEAKFILE_KIND_SETTLING)
            continue;
        struct baseline_entry *entry = arena_alloc(arena, sizeof *entry);
        entry->id = finding->id;
        entry->program = finding->program;
        entry->kind = finding->kind;
        entry->bytes = finding->bytes;
        entry->blocks = finding->blocks;
        for (size_t j = 0; j < finding->path.count; j++)
            *VEC_ADD(arena, &entry->path) = frame_words(arena, &finding->path.frames[j]);
        *VEC_ADD(arena, &baseline->entries) = entry;
    }
    sort_items(baseline->entries.items, baseline->entries.count, sizeof *baseline->entries.items,
               baseline_compare_entries);
}

static bool finding_is_above(const struct finding *finding, const struct baseline_entry *entry)
{
    uint64_t bytes_limit = add_saturated(entry->bytes, entry->bytes / 10);
    return finding->bytes > bytes_limit && finding->blocks > add_saturated(entry->blocks, 1);
}

static uint64_t distance(const struct finding *finding, const struct baseline_entry *entry)
{
    return finding->bytes > entry->bytes ? finding->bytes - entry->bytes
                                         : entry->bytes - finding->bytes;
}

/* The same entries by id and kind, so that each finding looks at those of its own only. */
struct index {
    struct baseline_entry **entries;
    size_t count;
};

static int compare_places(const struct baseline_entry *entry, const char *id, uint32_t kind)
{
    int order = strcmp(entry->id, id);
    return order != 0 ? order : compare_u64(entry->kind, kind);
}

static int compare_index(const void *a, const void *b)
{
    const struct baseline_entry *x = *(struct baseline_entry *const *)a;
    const struct baseline_entry *y = *(struct baseline_entry *const *)b;
    int order = compare_places(x, y->id, y->kind);
    return order != 0 ? order : baseline_compare_entries(a, b);
}

static struct index index_make(struct arena *arena, const struct baseline *baseline)
{
    struct index index = {.count = baseline->entries.count};
    index.entries = arena_alloc(arena, (index.count + 1) * sizeof(struct baseline_entry *));
    for (size_t i = 0; i < index.count; i++)
        index.entries[i] = baseline->entries.items[i];
    sort_items(index.entries, index.count, sizeof(struct baseline_entry *), compare_index);
    return index;
}

/* The first entry that is not before the finding's. */
static size_t index_find(const struct index *index, const struct finding *finding)
{
    size_t low = 0;
    size_t high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_places(index->entries[middle], finding->id, finding->kind) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The nearest entry of the finding's id that no other finding has taken, or NULL. */
static struct baseline_entry *find_entry(const struct index *index, const struct finding *finding,
                                         bool above_too)
{
    struct baseline_entry *nearest = NULL;
    for (size_t i = index_find(index, finding); i < index->count; i++) {
        struct baseline_entry *entry = index->entries[i];
        if (compare_places(entry, finding->id, finding->kind) != 0)
            break;
        if (entry->met || (finding_is_above(finding, entry) && !above_too))
            continue;
        if (nearest == NULL || distance(finding, entry) < distance(finding, nearest))
            nearest = entry;
    }
    return nearest;
}

/* Pairs findings with entries: first the equal ones, then those within bounds, then the rest. */
enum pass { PASS_EQUAL, PASS_WITHIN, PASS_ABOVE, PASSES };

static void finding_pair(struct finding *finding, const struct index *index, enum pass pass)
{
    if (finding->suppressed != NULL || finding->before != NULL)
        return;
    struct baseline_entry *entry = find_entry(index, finding, pass == PASS_ABOVE);
    if (entry == NULL || (pass == PASS_EQUAL && distance(finding, entry) != 0))
        return;
    entry->met = true;
    finding->before = entry;
    finding->known = pass != PASS_ABOVE;
}

void baseline_apply(struct report *report, struct baseline *baseline)
{
    struct index index = index_make(&report->model->arena, baseline);
    report->has_baseline = true;
    for (int pass = PASS_EQUAL; pass < PASSES; pass++)
        for (size_t i = 0; i < report->findings.count; i++)
            finding_pair(report->findings.items[i], &index, (enum pass)pass);
    for (size_t i = 0; i < baseline->entries.count; i++)
        if (!baseline->entries.items[i]->met)
            *VEC_ADD(&report->model->arena, &report->gone) = baseline->entries.items[i];
}
