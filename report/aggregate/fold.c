/*
 * Folds the findings of all processes: those of one program, kind and call path become one, in
 * whatever process they were. Two lines of one function stay two findings with one id.
 */
#include "steps.h"

#include "../symbolize/symbolize.h"

#include <inttypes.h>
#include <string.h>

struct candidate {
    char *key;
    struct finding *finding;
    size_t order;
};

static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *x = a;
    const struct candidate *y = b;
    int order = strcmp(x->key, y->key);
    return order != 0 ? order : compare_u64(x->order, y->order);
}

static int compare_findings(const void *a, const void *b)
{
    const struct finding *x = *(struct finding *const *)a;
    const struct finding *y = *(struct finding *const *)b;
    int order = compare_u64(y->bytes, x->bytes);
    if (order == 0)
        order = compare_u64(y->indirect_bytes, x->indirect_bytes);
    if (order == 0)
        order = strcmp(x->id, y->id);
    return order != 0 ? order : compare_u64(x->kind, y->kind);
}

/* What makes two findings the same one. */
static char *finding_key(struct arena *arena, const struct finding *finding)
{
    struct text_buffer key = {0};
    text_print(&key, "%s\n%" PRIu32 "%d", finding->program, finding->kind, finding->cycle);
    for (size_t i = 0; i < finding->path.count; i++) {
        const struct frame *frame = &finding->path.frames[i];
        if (frame->function != NULL && frame->line != 0)
            text_print(&key, "\n%s\t%s\t%" PRIu32, frame->function,
                       frame->file == NULL ? "" : frame->file, frame->line);
        else
            text_print(&key, "\n%s+%" PRIx64, frame->module == NULL ? "" : frame->module->path,
                       frame->offset);
    }
    return text_done(&key, arena);
}

/* Both arrays are sorted by stack. Of several holders that with the shortest way is taken. */
static const struct holder *find_holder(const struct process *process, uint32_t stack)
{
    size_t low = 0;
    size_t high = process->holders.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (process->holders.items[middle].what.stack < stack)
            low = middle + 1;
        else
            high = middle;
    }
    const struct holder *best = NULL;
    for (; low < process->holders.count && process->holders.items[low].what.stack == stack; low++)
        if (best == NULL || process->holders.items[low].what.hops < best->what.hops)
            best = &process->holders.items[low];
    return best;
}

static int compare_growth_stacks(const void *key, const void *item)
{
    return compare_u64(*(const uint32_t *)key, ((const struct growth *)item)->what.stack);
}

static const struct growth *find_growth(const struct process *process, uint32_t stack)
{
    if (process->growths.count == 0)
        return NULL;
    return bsearch(&stack, process->growths.items, process->growths.count, sizeof(struct growth),
                   compare_growth_stacks);
}

static int compare_objects(const void *key, const void *item)
{
    const struct leakfile_finding *finding = key;
    const struct leakfile_objects *what = &((const struct objects *)item)->what;
    int order = compare_u64(finding->stack, what->stack);
    if (order == 0)
        order = compare_u64(finding->kind, what->kind);
    return order != 0 ? order : compare_u64(finding->flags, what->flags);
}

static void finding_take_objects(struct arena *arena, struct finding *finding,
                                 const struct process *process, const struct leakfile_finding *what)
{
    const struct objects *objects = NULL;
    if (process->objects.count != 0)
        objects = bsearch(what, process->objects.items, process->objects.count,
                          sizeof(struct objects), compare_objects);
    if (objects != NULL)
        *VEC_ADD(arena, &finding->objects) = (struct told_objects){process, objects};
}

static struct finding *finding_make(struct report *report, struct process *process,
                                    const struct leakfile_finding *what)
{
    struct arena *arena = &report->model->arena;
    struct finding *finding = arena_alloc(arena, sizeof *finding);
    finding->program = process->program;
    finding->kind = what->kind;
    finding->cycle = (what->flags & LEAKFILE_FINDING_CYCLE) != 0;
    finding->bytes = what->bytes;
    finding->blocks = what->blocks;
    finding->indirect_bytes = what->indirect_bytes;
    finding->indirect_blocks = what->indirect_blocks;
    finding->first_seen = what->first_seen;
    finding->confirmed = what->confirmed;
    finding->age_ns = what->age_ns;
    finding->whole = symbolizer_name_stack(report->symbolizer, process, what->stack);
    finding->path = path_trim(arena, finding->whole);
    if (what->kind == LEAKFILE_KIND_GROWING || what->kind == LEAKFILE_KIND_SETTLING) {
        finding->holder = find_holder(process, what->stack);
        finding->held_in = finding->holder == NULL ? NULL : process;
        finding->growth = find_growth(process, what->stack);
    }
    *VEC_ADD(arena, &finding->processes) = process;
    finding_take_objects(arena, finding, process, what);
    path_identify(process->program, &finding->path, finding->id);
    return finding;
}

static void finding_merge(struct arena *arena, struct finding *into, const struct finding *from)
{
    into->bytes = add_saturated(into->bytes, from->bytes);
    into->blocks = add_saturated(into->blocks, from->blocks);
    into->indirect_bytes = add_saturated(into->indirect_bytes, from->indirect_bytes);
    into->indirect_blocks = add_saturated(into->indirect_blocks, from->indirect_blocks);
    if (from->first_seen < into->first_seen)
        into->first_seen = from->first_seen;
    if (from->confirmed > into->confirmed)
        into->confirmed = from->confirmed;
    if (from->age_ns > into->age_ns)
        into->age_ns = from->age_ns;
    if (into->holder == NULL) {
        into->holder = from->holder;
        into->held_in = from->held_in;
    }
    for (size_t i = 0; i < from->objects.count; i++)
        *VEC_ADD(arena, &into->objects) = from->objects.items[i];
    /* Candidates come in the order of processes. */
    if (into->processes.items[into->processes.count - 1] != from->processes.items[0])
        *VEC_ADD(arena, &into->processes) = from->processes.items[0];
}

void fold_findings(struct report *report)
{
    struct arena *arena = &report->model->arena;
    VEC(struct candidate) all = {0};
    for (size_t i = 0; i < report->model->processes.count; i++) {
        struct process *process = report->model->processes.items[i];
        for (size_t j = 0; j < process->findings.count; j++) {
            struct finding *finding = finding_make(report, process, &process->findings.items[j]);
            *VEC_ADD(arena, &all) =
                (struct candidate){finding_key(arena, finding), finding, all.count};
        }
    }
    sort_items(all.items, all.count, sizeof *all.items, compare_candidates);
    for (size_t i = 0; i < all.count; i++) {
        if (i > 0 && strcmp(all.items[i].key, all.items[i - 1].key) == 0)
            finding_merge(arena, report->findings.items[report->findings.count - 1],
                          all.items[i].finding);
        else
            *VEC_ADD(arena, &report->findings) = all.items[i].finding;
    }
    sort_items(report->findings.items, report->findings.count, sizeof *report->findings.items,
               compare_findings);
}
