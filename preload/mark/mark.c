/* Marking, from the ledger to fates; see mark.h. */
#include "mark.h"

#include <errno.h>

#include "../base/clock.h"
#include "../base/processors.h"
#include "fault.h"
#include "flood.h"

/* So much is marked by several threads; by one it takes 7 ms or more. Measured, see README.md. */
enum { MARK_LARGE_BLOCKS = 100000, MARK_LARGE_BYTES = 64 << 20 };

/* Where virtual tables and their functions are: mappings of files that cannot be written. */
struct mark_constants {
    struct pages_range *ranges; /* constants from the front, code from the back */
    size_t room;
    size_t constants;
    size_t code;
};

static int mark_find_constants(struct mark_constants *found, const struct memory_map *map)
{
    found->room = map->count + 1;
    found->ranges = pages_map(2 * found->room * sizeof *found->ranges);
    if (found->ranges == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < map->count; i++) {
        const struct memory_mapping *mapping = &map->mappings[i];
        struct pages_range range = {mapping->start, mapping->end};
        if (mapping->class != MEMORY_FILE || mapping->writable || !mapping->readable)
            continue;
        if (mapping->executable)
            found->ranges[found->room + found->code++] = range;
        else
            found->ranges[found->constants++] = range;
    }
    return 0;
}

static bool mark_is_large(const struct mark_result *result)
{
    uint64_t bytes = result->blocks.bytes;
    for (size_t i = 0; i < result->roots.count; i++)
        bytes += result->roots.ranges[i].end - result->roots.ranges[i].start;
    return result->blocks.count >= MARK_LARGE_BLOCKS || bytes >= MARK_LARGE_BYTES;
}

/* In place a thread more would be one of the program's, which it can see. While the program goes
 * on, it keeps a processor, though it may be asleep just now. */
static uint32_t mark_threads(const struct mark_options *options, const struct mark_result *result)
{
    if (!result->world->in_snapshot || options->holders || !mark_is_large(result))
        return 1;
    return processors_free(options->program_waits ? 0 : 1);
}

static int mark_flood(const struct mark_options *options, struct mark_result *result)
{
    struct mark_constants constants = {0};
    int error = mark_find_constants(&constants, &result->map);
    if (error == 0 && options->holders) {
        result->via = pages_map((result->blocks.count + 1) * sizeof *result->via);
        error = result->via == NULL ? -ENOMEM : 0;
    }
    if (error == 0) {
        struct flood_request request = {.blocks = &result->blocks,
                                        .roots = &result->roots,
                                        .map = {constants.ranges, constants.constants,
                                                constants.ranges + constants.room, constants.code},
                                        .memory = &result->map,
                                        .via = result->via,
                                        .threads = mark_threads(options, result)};
        error = flood_run(&request);
        result->pages_unreadable = request.pages_unreadable;
    }
    if (constants.ranges != NULL)
        pages_unmap(constants.ranges, 2 * constants.room * sizeof *constants.ranges);
    return error;
}

static int mark_all(const struct world *world, const struct mark_options *options,
                    struct mark_result *result)
{
    int error = blocks_build(&result->blocks);
    if (error == 0)
        error = memory_map_read(&result->map);
    if (error != 0)
        return error;
    if (options->pointer_bits != 0 && options->pointer_bits < 64)
        result->blocks.pointer_mask = ((uintptr_t)1 << options->pointer_bits) - 1;
    for (size_t i = 0; i < options->more_root_count; i++)
        roots_add_value(&result->roots, options->more_roots[i], ROOTS_REGISTER, ROOTS_NO_THREAD);
    struct roots_request request = {world, &result->map, &result->blocks, options->program_pagemap};
    error = roots_collect(&result->roots, &request);
    return error != 0 ? error : mark_flood(options, result);
}

int mark_run(const struct world *world, const struct mark_options *options,
             struct mark_result *result)
{
    uint64_t began_ns = clock_now_ns();
    result->world = world;
    int error = fault_begin(world->in_snapshot);
    if (error != 0)
        return error;
    error = mark_all(world, options, result);
    fault_end();
    result->mark_ns = clock_now_ns() - began_ns;
    return error;
}

void mark_finish(struct mark_result *result)
{
    if (result->via != NULL)
        pages_unmap(result->via, (result->blocks.count + 1) * sizeof *result->via);
    blocks_free(&result->blocks);
    roots_free(&result->roots);
    memory_map_free(&result->map);
    *result = (struct mark_result){0};
}
