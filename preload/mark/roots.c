/*
 * All roots: every private page ever written that is neither heap nor ours, shared memory that can
 * be written, registers, and what the kernel holds. See roots.h.
 *
 * First parts are planned that are no roots (skips) or of a known kind, then one sweep over the
 * memory map applies them to what was written.
 */
#include "roots.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "../base/pages.h"
#include "../base/sys.h"
#include "../record/annotations.h"
#include "../stacks/modules.h"
#include "arena.h"
#include "fault.h"
#include "plan.h"
#include "written.h"

enum { ROOTS_OWN_MAX = 16384, ROOTS_ARENAS_MAX = 4096 };

struct roots_sweep {
    struct plan *plan;
    const struct memory_mapping *mapping;
    size_t skip_at;
    size_t kind_at;
};

static void roots_plan_own(struct plan *plan)
{
    struct pages_range *own = pages_map(ROOTS_OWN_MAX * sizeof *own);
    if (own == NULL) {
        plan->error = -ENOMEM;
        return;
    }
    size_t count = pages_ranges(own, ROOTS_OWN_MAX);
    for (size_t i = 0; i < count && i < ROOTS_OWN_MAX; i++)
        plan_skip(plan, own[i].start, own[i].end);
    pages_unmap(own, ROOTS_OWN_MAX * sizeof *own);
}

static void roots_plan_arenas(struct plan *plan, uintptr_t start, uintptr_t end)
{
    uintptr_t first = arena_search(start, end);
    uintptr_t bins = first;
    for (size_t i = 0; i < ROOTS_ARENAS_MAX && bins != 0; i++) {
        struct pages_range state = arena_state(bins);
        plan_skip(plan, state.start, state.end);
        bins = arena_next(bins);
        if (bins == first)
            break;
    }
}

static bool roots_is_libc(const char *path)
{
    const char *name = path == NULL ? NULL : strrchr(path, '/');
    return name != NULL && strncmp(name, "/libc.so", 8) == 0;
}

static void roots_plan_modules(struct plan *plan)
{
    for (uint32_t i = 0; i < modules_count(); i++) {
        const struct modules_module *module = modules_get(i);
        if (module == NULL || module->unloaded)
            continue;
        for (uint32_t k = 0; k < module->segment_count; k++) {
            const struct modules_segment *segment = &module->segments[k];
            if (!segment->writable)
                continue;
            plan_kind(plan, (struct roots_range){segment->start, segment->end, ROOTS_GLOBAL,
                                                 ROOTS_NO_THREAD});
            if (roots_is_libc(module->path))
                roots_plan_arenas(plan, segment->start, segment->end);
        }
    }
}

/* Memory of no known kind: the pages that hold no blocks. */
static void roots_add_unless_heap(struct roots *roots, enum roots_kind kind, uintptr_t start,
                                  uintptr_t end)
{
    while (start < end) {
        uintptr_t next = (start | (PAGES_BYTES - 1)) + 1;
        if (next > end)
            next = end;
        const struct ledger_leaf *leaf = ledger_leaf_of(start);
        size_t page = (start >> 12) % LEDGER_PAGES;
        if (leaf == NULL ||
            (__atomic_load_n(&leaf->pages[page / 64], __ATOMIC_RELAXED) >> page % 64 & 1) == 0)
            roots_add(roots, (struct roots_range){start, next, kind, ROOTS_NO_THREAD});
        start = next;
    }
}

static void roots_sweep_kinds(struct roots_sweep *sweep, uintptr_t start, uintptr_t end)
{
    struct roots *roots = sweep->plan->roots;
    while (start < end) {
        const struct roots_range *kind;
        uintptr_t stop = areas_cut(&sweep->plan->kinds, &sweep->kind_at,
                                   (struct pages_range){start, end}, &kind);
        if (kind != NULL)
            roots_add(roots, (struct roots_range){start, stop, kind->kind, kind->thread});
        else if (sweep->mapping->class == MEMORY_ANONYMOUS)
            roots_add_unless_heap(roots, sweep->mapping->executable ? ROOTS_CODE : ROOTS_MAPPING,
                                  start, stop);
        else
            roots_add(roots, (struct roots_range){start, stop, ROOTS_MAPPING, ROOTS_NO_THREAD});
        start = stop;
    }
}

static void roots_sweep_run_cb(void *data, uintptr_t start, uintptr_t end)
{
    struct roots_sweep *sweep = data;
    bool in_snapshot = sweep->plan->request->world->in_snapshot;
    if (!sweep->mapping->readable && in_snapshot)
        sys_call(SYS_mprotect, start, end - start, PROT_READ);
    while (start < end) {
        const struct roots_range *skip;
        uintptr_t stop = areas_cut(&sweep->plan->skips, &sweep->skip_at,
                                   (struct pages_range){start, end}, &skip);
        if (skip == NULL)
            roots_sweep_kinds(sweep, start, stop);
        if (skip == NULL && in_snapshot && sweep->mapping->class == MEMORY_SHARED)
            sweep->plan->roots->reads_live = true;
        start = stop;
    }
}

static int roots_sweep_all(struct plan *plan)
{
    const struct roots_request *request = plan->request;
    struct roots_sweep sweep = {.plan = plan};
    struct written written;
    int error = written_open(&written, request->world->program_pid, request->program_pagemap);
    for (size_t i = 0; error == 0 && i < request->map->count; i++) {
        sweep.mapping = &request->map->mappings[i];
        if (sweep.mapping->class != MEMORY_NEVER)
            written_each(&written, sweep.mapping, roots_sweep_run_cb, &sweep);
    }
    written_close(&written);
    return error;
}

/* Regions that the program named, and blocks that it wants to be ignored. */
static void roots_add_annotations(struct roots *roots, const struct blocks *blocks)
{
    struct pages_range region;
    for (size_t n = 0; annotations_root(n, &region); n++)
        roots_add(roots, (struct roots_range){(region.start + 7) & ~(uintptr_t)7, region.end,
                                              ROOTS_MAPPING, ROOTS_NO_THREAD});
    struct blocks_cursor cursor = {0};
    struct blocks_found found;
    while (annotations_has_ignored() && blocks_next(blocks, &cursor, &found))
        if (ledger_word_birth(found.word) == LEDGER_BIRTH_IGNORED)
            roots_add(roots, (struct roots_range){found.start, found.start + found.bytes,
                                                  ROOTS_MAPPING, ROOTS_NO_THREAD});
}

int roots_collect(struct roots *roots, const struct roots_request *request)
{
    struct plan plan = {.request = request, .roots = roots};
    plan_add_threads(&plan);
    plan_add_kernel(&plan);
    roots_plan_own(&plan);
    roots_plan_modules(&plan);
    areas_sort(&plan.skips);
    areas_sort(&plan.kinds);
    int error = plan.error != 0 ? plan.error : roots_sweep_all(&plan);
    roots_add_annotations(roots, request->blocks);
    areas_free(&plan.skips);
    areas_free(&plan.kinds);
    return error != 0 ? error : roots->error;
}
