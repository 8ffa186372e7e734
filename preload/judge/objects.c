/* Blocks of findings; see objects.h. They are told in any order, hence a counting sort by finding.
 */
#include "objects.h"

#include <errno.h>
#include <string.h>

#include "../base/pages.h"

enum { OBJECTS_FIRST = 1024 };

int objects_begin(struct objects *objects, bool is_wanted, const struct sites *sites)
{
    *objects = (struct objects){.is_wanted = is_wanted, .places = sites_most(sites)};
    if (!is_wanted)
        return 0;
    objects->counts = pages_map(objects->places * sizeof *objects->counts);
    return objects->counts == NULL ? -ENOMEM : 0;
}

void objects_free(struct objects *objects)
{
    if (objects->counts != NULL)
        pages_unmap(objects->counts, objects->places * sizeof *objects->counts);
    if (objects->items != NULL)
        pages_unmap(objects->items, objects->room * sizeof *objects->items);
    *objects = (struct objects){0};
}

static bool objects_grow(struct objects *objects)
{
    size_t room = objects->room == 0 ? OBJECTS_FIRST : objects->room * 2;
    struct objects_item *fresh = pages_map(room * sizeof *fresh);
    if (fresh == NULL)
        return false;
    if (objects->items != NULL) {
        memcpy(fresh, objects->items, objects->count * sizeof *fresh);
        pages_unmap(objects->items, objects->room * sizeof *fresh);
    }
    objects->items = fresh;
    objects->room = room;
    return true;
}

int objects_add(struct objects *objects, const struct leakfile_finding *finding,
                struct leakfile_object object)
{
    if (!objects->is_wanted)
        return 0;
    size_t place = sites_place(finding->stack, finding->kind, finding->flags);
    if (objects->counts[place] == JUDGE_OBJECTS)
        return 0;
    if (objects->count == objects->room && !objects_grow(objects))
        return -ENOMEM;
    objects->counts[place]++;
    objects->items[objects->count++] = (struct objects_item){object, place};
    return 0;
}

static void *objects_map(struct judge_result *result, size_t bytes)
{
    void *memory = pages_map(bytes);
    if (memory != NULL)
        result->memory[result->memory_count++] = (struct judge_memory){memory, bytes};
    return memory;
}

int objects_give(struct objects *objects, const struct sites *sites, struct judge_result *result)
{
    if (!objects->is_wanted || objects->count == 0)
        return 0;
    struct leakfile_object *sorted = objects_map(result, objects->count * sizeof *sorted);
    result->objects = objects_map(result, sites->count * sizeof *result->objects);
    if (sorted == NULL || result->objects == NULL)
        return -ENOMEM;
    /* A finding's count becomes the index at which its next block goes. */
    uint32_t at = 0;
    for (size_t i = 0; i < sites->count; i++) {
        const struct leakfile_finding *finding = &sites->findings[i];
        uint32_t *count =
            &objects->counts[sites_place(finding->stack, finding->kind, finding->flags)];
        result->objects[i] = (struct judge_objects){sorted + at, *count};
        at += *count;
        *count = at - *count;
    }
    for (size_t i = 0; i < objects->count; i++)
        sorted[objects->counts[objects->items[i].place]++] = objects->items[i].object;
    return 0;
}
