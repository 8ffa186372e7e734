/*
 * Findings for people: what, how much, what hangs on it, the call path, and who holds it.
 */
#include "pen.h"

#include "../aggregate/aggregate.h"
#include "../symbolize/symbolize.h"

#include <inttypes.h>
#include <string.h>

#define PIDS_TOLD 8

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static void pen_write_frame(const struct pen *pen, const struct frame *frame, size_t number)
{
    FILE *out = pen->stream;
    const char *module =
        frame->module == NULL ? NULL : escape_for_terminal(pen->arena, frame->module->path);
    fprintf(out, "    #%-2zu ", number);
    if (frame->function != NULL)
        fprintf(out, "%s%s%s", pen->bold, escape_for_terminal(pen->arena, frame->function),
                pen->plain);
    else if (module != NULL)
        fprintf(out, "%s+0x%" PRIx64, module, frame->offset);
    else
        fprintf(out, "0x%" PRIx64, frame->pc);
    if (frame->file != NULL && frame->line != 0)
        fprintf(out, " at %s:%" PRIu32, escape_for_terminal(pen->arena, frame->file), frame->line);
    else if (frame->file != NULL)
        fprintf(out, " at %s", escape_for_terminal(pen->arena, frame->file));
    else if (frame->function != NULL && module != NULL)
        fprintf(out, " in %s+0x%" PRIx64, module, frame->offset);
    if (frame->inlined)
        fprintf(out, " %s(inlined)%s", pen->dim, pen->plain);
    fputc('\n', out);
}

static void pen_write_path(const struct pen *pen, const struct path *path)
{
    for (size_t i = 0; i < path->count; i++)
        pen_write_frame(pen, &path->frames[i], i);
    if (path->count == 0)
        fputs("    (call path unknown)\n", pen->stream);
    if (path->flags & LEAKFILE_STACK_CUT)
        fprintf(pen->stream, "    %s… cut at depth %zu%s\n", pen->dim, path->depth, pen->plain);
    if (path->flags & LEAKFILE_STACK_NO_CFI)
        fprintf(pen->stream, "    %s… no call frame information beyond here%s\n", pen->dim,
                pen->plain);
}

/* "global `cache` (+0x10) in a.out" */
static const char *words_for_variable(const struct pen *pen, struct process *process,
                                      const struct holder *holder)
{
    bool of_thread = holder->what.root == LEAKFILE_ROOT_TLS;
    const char *kind = of_thread ? "thread-local variable" : "global";
    struct module *module = process_find_module(process, holder->what.module);
    if (module == NULL)
        return arena_print(pen->arena, "%s at 0x%" PRIx64, kind, holder->what.address);
    struct variable variable =
        symbolizer_name_variable(pen->report->symbolizer, module, holder->what.offset, of_thread);
    const char *program = escape_for_terminal(pen->arena, base_name(module->path));
    if (variable.name == NULL)
        return arena_print(pen->arena, "%s at %s+0x%" PRIx64, kind, program, variable.offset);
    const char *name = escape_for_terminal(pen->arena, variable.name);
    if (variable.offset == 0)
        return arena_print(pen->arena, "%s `%s` in %s", kind, name, program);
    return arena_print(pen->arena, "%s `%s` (+0x%" PRIx64 ") in %s", kind, name, variable.offset,
                       program);
}

static const char *words_for_stack_root(const struct pen *pen, struct process *process,
                                        const struct holder *holder)
{
    struct leakfile_pc pc = {.address = holder->what.pc, .module = holder->what.module};
    const char *function = symbolizer_name_function(pen->report->symbolizer, process, pc);
    return arena_print(pen->arena, "stack of thread %" PRIu32 ", in function %s",
                       holder->what.thread,
                       function == NULL ? "?" : escape_for_terminal(pen->arena, function));
}

static const char *words_for_root(const struct pen *pen, struct process *process,
                                  const struct holder *holder)
{
    const char *name = escape_for_terminal(pen->arena, holder->name);
    switch (holder->what.root) {
    case LEAKFILE_ROOT_STACK:
        return words_for_stack_root(pen, process, holder);
    case LEAKFILE_ROOT_REGISTER:
        return arena_print(pen->arena, "register %s of thread %" PRIu32, name, holder->what.thread);
    case LEAKFILE_ROOT_MAPPING:
        return arena_print(pen->arena, "mapping %s+0x%" PRIx64, name[0] == '\0' ? "[anon]" : name,
                           holder->what.offset);
    default:
        return words_for_variable(pen, process, holder);
    }
}

static bool hops_are_alike(const struct leakfile_hop *a, const struct leakfile_hop *b)
{
    return a->stack == b->stack && a->bytes == b->bytes && a->offset == b->offset;
}

static void pen_write_hop(const struct pen *pen, struct process *process,
                          const struct leakfile_hop *hop, uint32_t count)
{
    FILE *out = pen->stream;
    struct path path =
        path_trim(pen->arena, symbolizer_name_stack(pen->report->symbolizer, process, hop->stack));
    const struct frame *frame = path.count == 0 ? NULL : &path.frames[0];
    if (count == 1)
        fputs("      → a block", out);
    else
        fprintf(out, "      → %" PRIu32 " blocks, one behind the other,", count);
    fprintf(out, " of %s bytes (+0x%" PRIx64 ")", words_for_count(pen->arena, hop->bytes),
            hop->offset);
    if (frame != NULL && frame->function != NULL)
        fprintf(out, " from %s", escape_for_terminal(pen->arena, frame->function));
    if (frame != NULL && frame->file != NULL)
        fprintf(out, " at %s:%" PRIu32, escape_for_terminal(pen->arena, frame->file), frame->line);
    fputc('\n', out);
}

static void pen_write_holder(const struct pen *pen, struct process *process,
                             const struct holder *holder)
{
    FILE *out = pen->stream;
    if (holder->what.block_bytes != 0)
        fprintf(out, "    a block of %s bytes",
                words_for_count(pen->arena, holder->what.block_bytes));
    else
        fputs("    a block", out);
    fprintf(out, " is held by %s\n", words_for_root(pen, process, holder));
    uint32_t same;
    for (uint32_t i = 0; i < holder->what.hops; i += same) {
        const struct leakfile_hop *hop = &holder->hops[i];
        same = 1; /* the nodes of a list are told once */
        while (i + same < holder->what.hops && hops_are_alike(hop, hop + same))
            same++;
        pen_write_hop(pen, process, hop, same);
    }
}

static void pen_write_growth(const struct pen *pen, const struct growth *growth)
{
    uint32_t points = growth->what.points;
    if (points == 0)
        return;
    const char *share =
        arena_print(pen->arena, "%" PRIu32 ".%" PRIu32 " %% of the rise of heapUsed",
                    growth->what.share_permille / 10, growth->what.share_permille % 10);
    fprintf(pen->stream,
            "    rose from %s to %s bytes in %" PRIu32 " collections, %s%s an hour, %s\n",
            words_for_count(pen->arena, growth->points[0]),
            words_for_count(pen->arena, growth->points[points - 1]), points,
            growth->what.rate_bytes_per_hour < 0 ? "less than " : "",
            words_for_size(pen->arena, growth->what.rate_bytes_per_hour < 0
                                           ? 0
                                           : (uint64_t)growth->what.rate_bytes_per_hour),
            share);
    if (growth->what.old.blocks + growth->what.young.blocks == 0)
        return;
    fprintf(pen->stream, "    old (survived two collections): %s; young: %s\n",
            words_for_total(pen->arena, growth->what.old.bytes, growth->what.old.blocks),
            words_for_total(pen->arena, growth->what.young.bytes, growth->what.young.blocks));
}

static void pen_write_pids(const struct pen *pen, const struct finding *finding)
{
    size_t count = finding->processes.count;
    fputs("    in pid ", pen->stream);
    for (size_t i = 0; i < count && i < PIDS_TOLD; i++)
        fprintf(pen->stream, "%s%" PRIu32, i == 0 ? "" : ", ", finding->processes.items[i]->pid);
    if (count > PIDS_TOLD)
        fprintf(pen->stream, " and %zu more", count - PIDS_TOLD);
    fputc('\n', pen->stream);
}

static void pen_write_objects(const struct pen *pen, const struct finding *finding)
{
    uint64_t told = 0;
    for (size_t i = 0; i < finding->objects.count; i++) {
        const struct told_objects *one = &finding->objects.items[i];
        if (i == 0 || one->process != one[-1].process) {
            fputs("    blocks", pen->stream);
            if (pen->report->model->processes.count > 1)
                fprintf(pen->stream, " in pid %" PRIu32, one->process->pid);
            fputs(":\n", pen->stream);
        }
        for (uint32_t j = 0; j < one->objects->what.count; j++) {
            const struct leakfile_object *what = &one->objects->items[j];
            bool is_indirect = (what->flags & LEAKFILE_OBJECT_INDIRECT) != 0;
            fprintf(pen->stream, "      0x%" PRIx64 " (%s bytes%s)\n", what->address,
                    words_for_count(pen->arena, what->bytes), is_indirect ? ", hanging on" : "");
        }
        told += one->objects->what.count;
    }
    uint64_t all = add_saturated(finding->blocks, finding->indirect_blocks);
    if (told != 0 && told < all)
        fprintf(pen->stream, "      … and %s more\n", words_for_count(pen->arena, all - told));
}

void pen_write_finding(const struct pen *pen, const struct finding *finding)
{
    static const char *const titles[] = {"Lost", "Possibly lost", "Growing", "Settling"};
    FILE *out = pen->stream;
    fprintf(out, "%s%s%s: %s%s", finding->kind == LEAKFILE_KIND_LOST ? pen->red : pen->yellow,
            titles[finding->kind], pen->plain,
            words_for_total(pen->arena, finding->bytes, finding->blocks),
            finding->cycle ? ", a ring" : "");
    if (finding->indirect_blocks != 0)
        fprintf(out, ", and %s that only they reach",
                words_for_total(pen->arena, finding->indirect_bytes, finding->indirect_blocks));
    fprintf(out, "  %s[%s]%s\n", pen->dim, finding->id, pen->plain);
    if (pen->report->model->processes.count > 1)
        pen_write_pids(pen, finding);
    if (finding->before != NULL)
        fprintf(out, "    in the baseline: %s\n",
                words_for_total(pen->arena, finding->before->bytes, finding->before->blocks));
    if (finding->age_ns != 0)
        fprintf(out, "    first seen in collection %" PRIu32 ", %s before the last one\n",
                finding->first_seen, words_for_time(pen->arena, finding->age_ns));
    pen_write_path(pen, &finding->path);
    if (finding->growth != NULL)
        pen_write_growth(pen, finding->growth);
    if (finding->holder != NULL)
        pen_write_holder(pen, finding->held_in, finding->holder);
    pen_write_objects(pen, finding);
    fputc('\n', out);
}

void pen_write_held(const struct pen *pen, const struct held *held)
{
    fprintf(pen->stream, "Held (reachable)\n");
    pen_write_path(pen, &held->path);
    for (size_t i = 0; i < held->holders.count; i++)
        pen_write_holder(pen, held->process, held->holders.items[i]);
    fputc('\n', pen->stream);
}
