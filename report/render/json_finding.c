/*
 * Findings, call paths and holders as JSON; see json.c.
 */
#include "json_parts.h"

#include "../aggregate/aggregate.h"
#include "../symbolize/symbolize.h"

#include <string.h>

static json_t *json_frame(const struct desk *desk, const struct frame *frame)
{
    const struct module *module = frame->module;
    json_t *object = json_object();
    json_put(object, "pc", json_number(frame->pc));
    json_put(object, "module", json_text(desk, module == NULL ? NULL : module->path));
    json_put(object, "build_id", json_text(desk, module == NULL ? NULL : module->build_id));
    json_put(object, "offset", json_number_or_null(frame->offset, module != NULL));
    json_put(object, "function", json_text(desk, frame->function));
    json_put(object, "file", json_text(desk, frame->file));
    json_put(object, "line", json_number_or_null(frame->line, frame->line != 0));
    json_put(object, "inlined", json_boolean(frame->inlined));
    return object;
}

static json_t *json_path(const struct desk *desk, const struct path *path)
{
    json_t *array = json_array();
    for (size_t i = 0; i < path->count; i++)
        json_array_append_new(array, json_frame(desk, &path->frames[i]));
    return array;
}

/* The name and the offset of a root, each NULL where it is not known. */
static void json_put_place(const struct desk *desk, json_t *object, struct process *process,
                           const struct holder *holder)
{
    struct module *module = process_find_module(process, holder->what.module);
    const char *name = holder->name[0] == '\0' ? NULL : holder->name;
    uint64_t offset = holder->what.offset;
    bool of_thread = holder->what.root == LEAKFILE_ROOT_TLS;
    if (module != NULL && (of_thread || holder->what.root == LEAKFILE_ROOT_GLOBAL)) {
        struct variable variable = symbolizer_name_variable(desk->report->symbolizer, module,
                                                            holder->what.offset, of_thread);
        name = variable.name;
        offset = variable.offset;
    } else if (holder->what.root == LEAKFILE_ROOT_STACK) {
        struct leakfile_pc pc = {.address = holder->what.pc, .module = holder->what.module};
        name = symbolizer_name_function(desk->report->symbolizer, process, pc);
    }
    bool has_offset = holder->what.root != LEAKFILE_ROOT_REGISTER;
    json_put(object, "name", json_text(desk, name));
    json_put(object, "module", json_text(desk, module == NULL ? NULL : module->path));
    json_put(object, "offset", json_number_or_null(offset, has_offset));
}

static json_t *json_root(const struct desk *desk, struct process *process,
                         const struct holder *holder)
{
    static const char *const kinds[] = {"global", "stack", "register", "tls", "mapping"};
    json_t *object = json_object();
    json_put(object, "kind", json_string(kinds[holder->what.root]));
    json_put_place(desk, object, process, holder);
    json_put(object, "thread",
             json_number_or_null(holder->what.thread, holder->what.thread != LEAKFILE_NONE));
    return object;
}

static json_t *json_hop(const struct desk *desk, struct process *process,
                        const struct leakfile_hop *hop)
{
    struct path path = path_trim(
        desk->arena, symbolizer_name_stack(desk->report->symbolizer, process, hop->stack));
    struct frame nothing = {0};
    const struct frame *frame = path.count == 0 ? &nothing : &path.frames[0];
    json_t *object = json_object();
    json_put(object, "bytes", json_number(hop->bytes));
    json_put(object, "function", json_text(desk, frame->function));
    json_put(object, "file", json_text(desk, frame->file));
    json_put(object, "line", json_number_or_null(frame->line, frame->line != 0));
    json_put(object, "offset", json_number(hop->offset));
    return object;
}

static json_t *json_holder(const struct desk *desk, struct process *process,
                           const struct holder *holder)
{
    if (holder == NULL)
        return json_null();
    json_t *hops = json_array();
    for (uint32_t i = 0; i < holder->what.hops; i++)
        json_array_append_new(hops, json_hop(desk, process, &holder->hops[i]));
    json_t *object = json_object();
    json_put(object, "root", json_root(desk, process, holder));
    json_put(object, "hops", hops);
    json_put(object, "block_bytes", json_number(holder->what.block_bytes));
    return object;
}

static json_t *json_growth(const struct growth *growth)
{
    if (growth == NULL)
        return json_null();
    json_t *points = json_array();
    for (uint32_t i = 0; i < growth->what.points; i++)
        json_array_append_new(points, json_number(growth->points[i]));
    json_t *object = json_object();
    json_put(object, "points", points);
    json_put(object, "last_collection", json_number(growth->what.last));
    json_put(object, "rate_bytes_per_hour", json_integer(growth->what.rate_bytes_per_hour));
    json_put(object, "share_permille", json_number(growth->what.share_permille));
    json_put(object, "young", json_total(growth->what.young));
    json_put(object, "old", json_total(growth->what.old));
    return object;
}

static json_t *json_objects(const struct finding *finding)
{
    if (finding->objects.count == 0)
        return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < finding->objects.count; i++) {
        const struct told_objects *told = &finding->objects.items[i];
        for (uint32_t j = 0; j < told->objects->what.count; j++) {
            const struct leakfile_object *what = &told->objects->items[j];
            json_t *object = json_object();
            json_put(object, "address", json_number(what->address));
            json_put(object, "bytes", json_number(what->bytes));
            json_put(object, "indirect",
                     json_boolean((what->flags & LEAKFILE_OBJECT_INDIRECT) != 0));
            json_put(object, "pid", json_number(told->process->pid));
            json_array_append_new(array, object);
        }
    }
    return array;
}

json_t *json_finding(const struct desk *desk, const struct finding *finding)
{
    static const char *const kinds[] = {"lost", "possible", "growing", "settling"};
    json_t *pids = json_array();
    for (size_t i = 0; i < finding->processes.count; i++)
        json_array_append_new(pids, json_number(finding->processes.items[i]->pid));
    json_t *object = json_object();
    json_put(object, "id", json_string(finding->id));
    json_put(object, "program", json_text(desk, finding->program));
    json_put(object, "pids", pids);
    json_put(object, "kind", json_string(kinds[finding->kind]));
    json_put(object, "cycle", json_boolean(finding->cycle));
    json_put(object, "bytes", json_number(finding->bytes));
    json_put(object, "blocks", json_number(finding->blocks));
    json_put(object, "indirect_bytes", json_number(finding->indirect_bytes));
    json_put(object, "indirect_blocks", json_number(finding->indirect_blocks));
    json_put(object, "first_seen", json_number(finding->first_seen));
    json_put(object, "confirmed", json_number(finding->confirmed));
    json_put(object, "age_ms", json_number(finding->age_ns / 1000000));
    json_put(object, "holder", json_holder(desk, finding->held_in, finding->holder));
    json_put(object, "growth", json_growth(finding->growth));
    json_put(object, "objects", json_objects(finding));
    json_put(object, "suppressed_by", json_text(desk, finding->suppressed));
    json_put(object, "in_baseline", json_boolean(finding->known));
    json_put(object, "cut", json_boolean((finding->path.flags & LEAKFILE_STACK_CUT) != 0));
    json_put(object, "stack", json_path(desk, &finding->path));
    return object;
}

json_t *json_externals(const struct desk *desk, struct process *process)
{
    json_t *array = json_array();
    for (size_t i = 0; i < process->externals.count; i++) {
        const struct leakfile_external *what = &process->externals.items[i];
        struct path path = path_trim(
            desk->arena, symbolizer_name_stack(desk->report->symbolizer, process, what->stack));
        json_t *object = json_object();
        json_put(object, "bytes", json_number(what->bytes));
        json_put(object, "mappings", json_number(what->mappings));
        json_put(object, "stack", json_path(desk, &path));
        json_array_append_new(array, object);
    }
    return array;
}

json_t *json_held(const struct desk *desk, const struct held *held)
{
    json_t *holders = json_array();
    for (size_t i = 0; i < held->holders.count; i++)
        json_array_append_new(holders, json_holder(desk, held->process, held->holders.items[i]));
    json_t *object = json_object();
    json_put(object, "pid", json_number(held->process->pid));
    json_put(object, "stack", json_path(desk, &held->path));
    json_put(object, "holders", holders);
    return object;
}
