/*
 * One report from the model, as a recipe; see aggregate.h.
 */
#include "steps.h"

#include "../symbolize/symbolize.h"

#include <fnmatch.h>
#include <string.h>

const char *process_option(const struct process *process, const char *name)
{
    for (size_t i = process->options.count; i-- > 0;)
        if (strcmp(process->options.items[i].name, name) == 0)
            return process->options.items[i].value;
    return NULL;
}

const struct leakfile_collection *process_last_collection(const struct process *process)
{
    for (size_t i = process->collections.count; i-- > 0;)
        if ((process->collections.items[i].flags & LEAKFILE_COLLECTION_FAILED) == 0)
            return &process->collections.items[i];
    return NULL;
}

bool glob_list_has(const char *globs, const char *name)
{
    CLEAN_FREE char *copy = strdup(globs);
    char *rest = copy;
    for (char *glob; rest != NULL && (glob = strsep(&rest, ",")) != NULL;)
        if (fnmatch(glob, name, 0) == 0)
            return true;
    return false;
}

static int compare_sections(const void *a, const void *b)
{
    const struct process *x = *(struct process *const *)a;
    const struct process *y = *(struct process *const *)b;
    int order = compare_u64(x->pid, y->pid);
    if (order == 0)
        order = compare_u64(x->started_realtime_ns, y->started_realtime_ns);
    if (order == 0)
        order = strcmp(x->exe, y->exe);
    return order != 0 ? order : compare_u64(x->order, y->order);
}

static int compare_orders(const void *a, const void *b)
{
    return compare_u64((*(struct process *const *)a)->order, (*(struct process *const *)b)->order);
}

/* A section that was read twice, from a file and from the one that it was gathered into, counts
 * once: the copy with more collections. */
static void sections_drop_repeated(struct model *model)
{
    struct process **items = model->processes.items;
    size_t kept = 0;
    for (size_t i = 0; i < model->processes.count; i++)
        items[i]->order = i;
    sort_items(items, model->processes.count, sizeof *items, compare_sections);
    for (size_t i = 0; i < model->processes.count; i++) {
        struct process *last = kept == 0 ? NULL : items[kept - 1];
        bool same = last != NULL && last->pid == items[i]->pid &&
                    last->started_realtime_ns == items[i]->started_realtime_ns &&
                    strcmp(last->exe, items[i]->exe) == 0;
        if (!same)
            items[kept++] = items[i];
        else if (items[i]->collections.count > last->collections.count)
            items[kept - 1] = items[i];
    }
    model->processes.count = kept;
    sort_items(items, kept, sizeof *items, compare_orders);
}

static void total_add(struct leakfile_total *into, struct leakfile_total from)
{
    into->bytes = add_saturated(into->bytes, from.bytes);
    into->blocks = add_saturated(into->blocks, from.blocks);
}

static void totals_gather(struct report *report)
{
    for (size_t i = 0; i < report->model->processes.count; i++) {
        const struct leakfile_collection *last =
            process_last_collection(report->model->processes.items[i]);
        if (last == NULL)
            continue;
        total_add(&report->totals.lost, last->lost);
        total_add(&report->totals.indirect, last->indirect);
        total_add(&report->totals.possible, last->possible);
        total_add(&report->totals.reachable, last->reachable);
    }
}

/* A pattern without a character that means something to fnmatch(3) matches as a part. */
static bool path_matches(const struct path *path, const char *pattern)
{
    bool glob = strpbrk(pattern, "*?[") != NULL;
    for (size_t i = 0; i < path->count; i++) {
        const char *name = path->frames[i].function;
        if (name == NULL)
            continue;
        if (glob ? fnmatch(pattern, name, 0) == 0 : strstr(name, pattern) != NULL)
            return true;
    }
    return strcmp(pattern, "*") == 0;
}

/* Holders are sorted by stack: each run of one stack is one site. */
static void held_gather(struct report *report, struct process *process, const char *pattern)
{
    struct arena *arena = &report->model->arena;
    if (pattern == NULL)
        pattern = process_option(process, "holders");
    if (pattern == NULL || pattern[0] == '\0')
        return;
    struct held *held = NULL;
    for (size_t i = 0; i < process->holders.count; i++) {
        const struct holder *holder = &process->holders.items[i];
        bool same_site = i > 0 && holder->what.stack == holder[-1].what.stack;
        if (!same_site) {
            const struct path *path =
                symbolizer_name_stack(report->symbolizer, process, holder->what.stack);
            held = NULL;
            if (path_matches(path, pattern)) {
                held = VEC_ADD(arena, &report->held);
                held->process = process;
                held->path = path_trim(arena, path);
            }
        }
        if (held != NULL)
            *VEC_ADD(arena, &held->holders) = holder;
    }
}

struct report *aggregate_model(struct model *model, struct symbolizer *symbolizer,
                               const char *holders)
{
    struct report *report = arena_alloc(&model->arena, sizeof *report);
    report->model = model;
    report->symbolizer = symbolizer;
    sections_drop_repeated(model);
    totals_gather(report);
    fold_findings(report);
    for (size_t i = 0; i < model->processes.count; i++)
        held_gather(report, model->processes.items[i], holders);
    reasons_gather(report);
    return report;
}
