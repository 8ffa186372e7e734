/*
 * Call paths and variables of a model get their names; see symbolize.h. Look-ups are kept for each
 * file and address (lookup.c), paths for each stack.
 */
#include "object.h"

#include <string.h>

static int compare_module_ids(const void *key, const void *item)
{
    return compare_u64(*(const uint32_t *)key, ((const struct module *)item)->id);
}

static int compare_stack_ids(const void *key, const void *item)
{
    return compare_u64(*(const uint32_t *)key, ((const struct stack *)item)->id);
}

struct module *process_find_module(struct process *process, uint32_t id)
{
    if (id == LEAKFILE_NONE || process->modules.count == 0)
        return NULL;
    return bsearch(&id, process->modules.items, process->modules.count, sizeof(struct module),
                   compare_module_ids);
}

static struct stack *process_find_stack(struct process *process, uint32_t id)
{
    if (process->stacks.count == 0)
        return NULL;
    return bsearch(&id, process->stacks.items, process->stacks.count, sizeof(struct stack),
                   compare_stack_ids);
}

static const struct place *pc_look_up(struct symbolizer *symbolizer, struct module *module,
                                      struct leakfile_pc pc)
{
    return object_look_up(symbolizer, object_of_module(symbolizer, module),
                          pc.address - 1 - module->bias);
}

static const struct path *path_make(struct symbolizer *symbolizer, struct process *process,
                                    const struct stack *stack)
{
    struct path *path = arena_alloc(symbolizer->arena, sizeof *path);
    VEC(struct frame) frames = {0};
    for (uint32_t i = 0; i < stack->count; i++) {
        struct leakfile_pc pc = stack->pcs[i];
        struct module *module = process_find_module(process, pc.module);
        if (module == NULL) {
            *VEC_ADD(symbolizer->arena, &frames) =
                (struct frame){.pc = pc.address, .offset = pc.address};
            continue;
        }
        const struct place *place = pc_look_up(symbolizer, module, pc);
        for (size_t j = 0; j < place->count; j++) {
            struct frame *frame = VEC_ADD(symbolizer->arena, &frames);
            *frame = place->frames[j];
            frame->pc = pc.address;
            frame->offset = pc.address - module->bias;
            frame->module = module;
        }
    }
    path->frames = frames.items;
    path->count = frames.count;
    path->flags = stack->flags;
    path->depth = stack->count;
    return path;
}

const struct path *symbolizer_name_stack(struct symbolizer *symbolizer, struct process *process,
                                         uint32_t id)
{
    static const struct path unknown;
    struct stack *stack = process_find_stack(process, id);
    if (stack == NULL)
        return &unknown;
    if (stack->path == NULL)
        stack->path = path_make(symbolizer, process, stack);
    return stack->path;
}

const char *symbolizer_name_function(struct symbolizer *symbolizer, struct process *process,
                                     struct leakfile_pc pc)
{
    struct module *module = process_find_module(process, pc.module);
    if (module == NULL || pc.address == 0)
        return NULL;
    const struct place *place = pc_look_up(symbolizer, module, pc);
    return place->frames[place->count - 1].function;
}

static struct variable variable_global(struct symbolizer *symbolizer, struct object *object,
                                       uint64_t offset)
{
    GElf_Off inside;
    GElf_Sym symbol;
    const char *name = dwfl_module_addrinfo(object->module, offset + object->bias, &inside, &symbol,
                                            NULL, NULL, NULL);
    bool within = name != NULL && name[0] != '\0' && GELF_ST_TYPE(symbol.st_info) != STT_FUNC &&
                  inside < symbol.st_size;
    if (!within)
        return (struct variable){.offset = offset};
    return (struct variable){name_readable(symbolizer->arena, name), inside};
}

static struct variable variable_of_thread(struct symbolizer *symbolizer, struct object *object,
                                          uint64_t offset)
{
    int count = dwfl_module_getsymtab(object->module);
    for (int i = 0; i < count; i++) {
        GElf_Sym symbol;
        GElf_Addr moved; /* symbol.st_value stays as the file has it: from the block's start */
        const char *name =
            dwfl_module_getsym_info(object->module, i, &symbol, &moved, NULL, NULL, NULL);
        if (name == NULL || GELF_ST_TYPE(symbol.st_info) != STT_TLS || symbol.st_shndx == SHN_UNDEF)
            continue;
        if (offset >= symbol.st_value && offset - symbol.st_value < symbol.st_size)
            return (struct variable){name_readable(symbolizer->arena, name),
                                     offset - symbol.st_value};
    }
    return (struct variable){.offset = offset};
}

struct variable symbolizer_name_variable(struct symbolizer *symbolizer, struct module *module,
                                         uint64_t offset, bool thread_local_block)
{
    struct object *object = object_of_module(symbolizer, module);
    if (object->module == NULL)
        return (struct variable){.offset = offset};
    return thread_local_block ? variable_of_thread(symbolizer, object, offset)
                              : variable_global(symbolizer, object, offset);
}
