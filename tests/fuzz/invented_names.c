/*
 * In the place of report/symbolize/'s object.c and lookup.c: no file is opened, and the names of a
 * module's functions are made of its path, which the input chooses: `function`, a newline between
 * the two, `source file`. An even address has a function that was inlined there before it.
 */
#include "../../report/symbolize/object.h"

#include <string.h>

struct symbolizer *symbolizer_new(struct arena *arena)
{
    struct symbolizer *symbolizer = arena_alloc(arena, sizeof *symbolizer);
    symbolizer->arena = arena;
    return symbolizer;
}

void symbolizer_free(struct symbolizer *symbolizer)
{
    (void)symbolizer;
}

struct object *object_of_module(struct symbolizer *symbolizer, struct module *module)
{
    if (module->object == NULL)
        module->object = arena_alloc(symbolizer->arena, sizeof *module->object);
    module->object->path = module->path;
    return module->object;
}

const struct place *object_look_up(struct symbolizer *symbolizer, struct object *object,
                                   uint64_t address)
{
    struct arena *arena = symbolizer->arena;
    struct place *place = arena_alloc(arena, sizeof *place);
    size_t length = strcspn(object->path, "\n");
    const char *file = object->path[length] == '\0' ? NULL : object->path + length + 1;
    const char *symbol = arena_copy_text(arena, object->path, length);
    place->address = address;
    place->count = 1 + (address % 2 == 0);
    place->frames = arena_alloc(arena, place->count * sizeof *place->frames);
    for (size_t i = 0; i < place->count; i++) {
        bool inlined = i + 1 < place->count;
        place->frames[i].inlined = inlined;
        place->frames[i].function = inlined             ? symbol
                                    : address % 16 == 1 ? NULL
                                                        : name_readable(arena, symbol);
        place->frames[i].file = file;
        place->frames[i].line = (uint32_t)address;
    }
    return place;
}
