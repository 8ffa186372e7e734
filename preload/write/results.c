/* Records of a collection; see results.h. A call path goes before the first record that names it.
 */
#include "results.h"

#include <string.h>

#include "../base/checksum.h"
#include "../stacks/depot.h"
#include "../stacks/modules.h"

static void results_add_module(struct frame *frame, const struct modules_module *module)
{
    struct leakfile_module record = {
        .id = module->id,
        .flags = module->unloaded ? LEAKFILE_MODULE_UNLOADED : 0,
        .start = module->start,
        .end = module->end,
        .bias = module->bias,
        .build_id_bytes = module->build_id_bytes,
        .path_bytes = (uint32_t)strlen(module->path),
    };
    FRAME_ADD(frame, LEAKFILE_MODULE, {&record, sizeof record},
              {module->build_id, record.build_id_bytes}, {module->path, record.path_bytes});
}

static void results_add_modules(struct section *section, struct frame *frame)
{
    uint32_t count = modules_count();
    uint32_t generation = modules_generation();
    bool again = generation != section->shared->modules_generation;
    for (uint32_t id = again ? 0 : section->shared->modules_written; id < count; id++)
        results_add_module(frame, modules_get(id));
    section->shared->modules_written = count;
    section->shared->modules_generation = generation;
}

static void results_add_stack(struct section *section, struct frame *frame, uint32_t id)
{
    uint8_t *written = &section->shared->stacks_written[id / 8];
    const struct depot_stack *stack = depot_get(id);
    if (stack == NULL || (*written >> id % 8 & 1) != 0)
        return;
    *written |= (uint8_t)(1u << id % 8);
    static struct leakfile_pc pcs[256]; /* the snapshot's own copy */
    uint32_t frames = stack->frames < 256 ? stack->frames : 256;
    for (uint32_t i = 0; i < frames; i++) {
        const struct modules_module *module = modules_find_at(stack->pcs[i] - 1, stack->epoch);
        pcs[i] =
            (struct leakfile_pc){stack->pcs[i], module != NULL ? module->id : LEAKFILE_NONE, 0};
    }
    struct leakfile_stack record = {.id = id, .flags = stack->flags, .frames = frames};
    FRAME_ADD(frame, LEAKFILE_STACK, {&record, sizeof record}, {pcs, frames * sizeof *pcs});
}

static void results_add_findings(struct section *section, struct frame *frame,
                                 const struct judge_result *judged)
{
    for (size_t i = 0; i < judged->finding_count; i++) {
        const struct leakfile_finding *finding = &judged->findings[i];
        if (!delta_wants(section->delta, finding, sizeof *finding))
            continue;
        results_add_stack(section, frame, finding->stack);
        FRAME_ADD(frame, LEAKFILE_FINDING, {finding, sizeof *finding});
    }
}

/* A list of blocks is known by its checksum. */
static void results_add_objects(struct section *section, struct frame *frame,
                                const struct results *results)
{
    const struct judge_result *judged = results->judged;
    for (size_t i = 0; judged->objects != NULL && i < judged->finding_count; i++) {
        const struct leakfile_finding *finding = &judged->findings[i];
        const struct judge_objects *objects = &judged->objects[i];
        size_t bytes = objects->count * sizeof *objects->items;
        struct leakfile_finding key = {.stack = finding->stack,
                                       .kind = DELTA_KIND_OBJECTS + finding->kind,
                                       .flags = finding->flags,
                                       .bytes = checksum_add(1, objects->items, bytes),
                                       .blocks = 1};
        struct leakfile_objects record = {.stack = finding->stack,
                                          .kind = finding->kind,
                                          .flags = finding->flags,
                                          .count = (uint32_t)objects->count,
                                          .collection = results->collection->n};
        if (delta_wants(section->delta, &key, sizeof record + bytes))
            FRAME_ADD(frame, LEAKFILE_OBJECTS, {&record, sizeof record}, {objects->items, bytes});
    }
}

static void results_add_growths(struct section *section, struct frame *frame,
                                const struct judge_result *judged)
{
    for (size_t i = 0; i < judged->growth_count; i++) {
        const struct judge_growth *growth = &judged->growths[i];
        size_t bytes = growth->fixed.points * sizeof *growth->points;
        if (!delta_wants(section->delta, &growth->finding,
                         sizeof growth->finding + sizeof growth->fixed + bytes))
            continue;
        results_add_stack(section, frame, growth->fixed.stack);
        FRAME_ADD(frame, LEAKFILE_FINDING, {&growth->finding, sizeof growth->finding});
        FRAME_ADD(frame, LEAKFILE_GROWTH, {&growth->fixed, sizeof growth->fixed},
                  {growth->points, bytes});
    }
    if (judged->warning.collection != 0)
        FRAME_ADD(frame, LEAKFILE_WARNING, {&judged->warning, sizeof judged->warning});
}

static void results_add_holders(struct section *section, struct frame *frame,
                                const struct judge_result *judged)
{
    for (size_t i = 0; i < judged->holder_count; i++) {
        const struct judge_holder *holder = &judged->holders[i];
        size_t hop_bytes = holder->fixed.hops * sizeof *holder->hops;
        struct leakfile_finding key = {.stack = holder->fixed.stack,
                                       .kind = DELTA_KIND_HOLDER + holder->fixed.sample,
                                       .bytes = holder->fixed.blocks,
                                       .blocks = holder->fixed.blocks};
        if (!delta_wants(section->delta, &key, sizeof holder->fixed + hop_bytes))
            continue;
        results_add_stack(section, frame, holder->fixed.stack);
        for (uint32_t hop = 0; hop < holder->fixed.hops; hop++)
            results_add_stack(section, frame, holder->hops[hop].stack);
        FRAME_ADD(frame, LEAKFILE_HOLDER, {&holder->fixed, sizeof holder->fixed},
                  {holder->hops, hop_bytes}, {holder->name, holder->fixed.name_bytes});
    }
}

static void results_add_gone(struct section *section, struct frame *frame)
{
    struct leakfile_finding gone;
    for (uint32_t at = 0; delta_next_gone(section->delta, &at, &gone);) {
        if (gone.kind < DELTA_KIND_HOLDER) {
            FRAME_ADD(frame, LEAKFILE_FINDING, {&gone, sizeof gone});
        } else {
            struct leakfile_external nothing = {.stack = gone.stack};
            FRAME_ADD(frame, LEAKFILE_EXTERNAL, {&nothing, sizeof nothing});
        }
    }
}

static void results_add_externals(struct section *section, struct frame *frame,
                                  const struct judge_result *judged)
{
    for (size_t i = 0; i < judged->external_count; i++) {
        const struct leakfile_external *external = &judged->externals[i];
        struct leakfile_finding key = {.stack = external->stack,
                                       .kind = DELTA_KIND_EXTERNAL,
                                       .bytes = external->bytes,
                                       .blocks = external->mappings};
        if (!delta_wants(section->delta, &key, sizeof *external))
            continue;
        results_add_stack(section, frame, external->stack);
        FRAME_ADD(frame, LEAKFILE_EXTERNAL, {external, sizeof *external});
    }
}

void results_add(struct section *section, struct frame *frame, const struct results *results)
{
    uint32_t trigger = results->collection->trigger;
    const struct judge_result *judged = results->judged;
    bool is_asked = trigger == LEAKFILE_TRIGGER_EXIT || trigger == LEAKFILE_TRIGGER_REQUEST;
    delta_begin(section->delta, (struct delta_round){is_asked, judged != NULL,
                                                     judged != NULL && judged->is_growth_judged});
    results_add_modules(section, frame);
    if (judged != NULL) {
        results_add_findings(section, frame, judged);
        results_add_objects(section, frame, results);
        results_add_growths(section, frame, judged);
        results_add_holders(section, frame, judged);
        results_add_externals(section, frame, judged);
    }
    results_add_gone(section, frame);
}
