/*
 * From an address in a file to the functions and lines there: the inlined ones first, then the
 * function that they were put into. What debug information lacks comes from the symbol table.
 */
#include "object.h"

#include <dwarf.h>
#include <string.h>

#define SCOPES_MAX 256
#define INLINE_MAX 64 /* more frames at one address are no help to anybody */

struct answer {
    struct frame frames[INLINE_MAX];
    size_t count;
};

/* Takes "." and ".." out of an absolute path, by its letters only: it may be elsewhere now. */
static void path_tidy(char *path)
{
    char *end = path;
    for (char *part = path; *part != '\0';) {
        size_t length = strcspn(part + 1, "/") + 1; /* with the slash before it */
        if (length == 3 && memcmp(part, "/..", 3) == 0) {
            while (end > path && *--end != '/')
                ;
        } else if (length > 1 && !(length == 2 && part[1] == '.')) {
            memmove(end, part, length);
            end += length;
        }
        part += length;
    }
    *end = '\0';
}

/* A source file's path, from the folder of the compilation if it is not absolute. */
static const char *source_path(struct arena *arena, Dwarf_Die *unit, const char *file)
{
    Dwarf_Attribute attribute;
    const char *folder = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    if (file == NULL || (file[0] != '/' && (folder == NULL || folder[0] != '/')))
        return file == NULL ? NULL : arena_copy_text(arena, file, strlen(file));
    char *path = file[0] == '/' ? arena_copy_text(arena, file, strlen(file))
                                : arena_print(arena, "%s/%s", folder, file);
    path_tidy(path);
    return path;
}

/* The compilation unit at an address. clang writes no .debug_aranges, which is all that libdwfl
 * looks at: then all units are asked. */
static Dwarf_Die *unit_at(Dwfl_Module *module, Dwarf_Addr address, Dwarf_Addr *bias)
{
    Dwarf_Die *unit = dwfl_module_addrdie(module, address, bias);
    if (unit != NULL)
        return unit;
    while ((unit = dwfl_module_nextcu(module, unit, bias)) != NULL)
        if (dwarf_haspc(unit, address - *bias) > 0)
            return unit;
    return NULL;
}

static const char *die_name(struct arena *arena, Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    const char *name = NULL;
    if (dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute) != NULL ||
        dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &attribute) != NULL)
        name = dwarf_formstring(&attribute);
    if (name == NULL)
        name = dwarf_diename(die);
    return name == NULL ? NULL : name_readable(arena, name);
}

/* The file and line where an inlined function was called. */
static void call_site_read(struct arena *arena, Dwarf_Die *die, struct frame *frame)
{
    Dwarf_Attribute attribute;
    Dwarf_Word value;
    Dwarf_Die unit;
    Dwarf_Files *files;
    size_t count;
    frame->file = NULL;
    frame->line = 0;
    if (dwarf_formudata(dwarf_attr(die, DW_AT_call_line, &attribute), &value) == 0)
        frame->line = (uint32_t)value;
    if (dwarf_diecu(die, &unit, NULL, NULL) != NULL &&
        dwarf_getsrcfiles(&unit, &files, &count) == 0 &&
        dwarf_formudata(dwarf_attr(die, DW_AT_call_file, &attribute), &value) == 0 && value < count)
        frame->file = source_path(arena, &unit, dwarf_filesrc(files, (size_t)value, NULL, NULL));
}

struct chain {
    Dwarf_Die dies[INLINE_MAX]; /* the function first, what was put into it behind it */
    int count;
    int depth;
};

/* Adds the inlined functions around the address. Blocks are entered whatever their own ranges say:
 * compilers' do not always cover all that is in them. */
static void chain_collect(struct chain *chain, Dwarf_Die *parent, Dwarf_Addr address)
{
    Dwarf_Die child;
    if (chain->depth >= SCOPES_MAX || chain->count == INLINE_MAX ||
        dwarf_child(parent, &child) != 0)
        return;
    chain->depth++;
    int before = chain->count;
    do {
        int tag = dwarf_tag(&child);
        if (tag == DW_TAG_inlined_subroutine && dwarf_haspc(&child, address) > 0) {
            chain->dies[chain->count++] = child;
            chain_collect(chain, &child, address);
        } else if (tag == DW_TAG_lexical_block) {
            chain_collect(chain, &child, address);
        }
    } while (chain->count == before && dwarf_siblingof(&child, &child) == 0);
    chain->depth--;
}

static bool tag_may_hold_functions(int tag)
{
    return tag == DW_TAG_namespace || tag == DW_TAG_module || tag == DW_TAG_structure_type ||
           tag == DW_TAG_class_type || tag == DW_TAG_union_type || tag == DW_TAG_enumeration_type;
}

/* The function that the address is in. dwarf_getscopes() is no help: it finds nothing below a
 * namespace in what rustc writes, and goes on in the definition of an inlined function instead of
 * the function that it was put into. */
static bool function_find(Dwarf_Die *parent, Dwarf_Addr address, Dwarf_Die *function, int depth)
{
    if (depth == SCOPES_MAX || dwarf_child(parent, function) != 0)
        return false;
    do {
        int tag = dwarf_tag(function);
        if (tag == DW_TAG_subprogram && dwarf_haspc(function, address) > 0)
            return true;
        Dwarf_Die inner;
        if (tag_may_hold_functions(tag) && function_find(function, address, &inner, depth + 1)) {
            *function = inner;
            return true;
        }
    } while (dwarf_siblingof(function, function) == 0);
    return false;
}

static void answer_from_chain(struct arena *arena, struct chain *chain, struct answer *answer)
{
    struct frame next = answer->frames[0]; /* file and line of the address itself */
    for (int i = chain->count; i-- > 0;) {
        struct frame *frame = &answer->frames[answer->count++];
        *frame = next;
        frame->function = die_name(arena, &chain->dies[i]);
        frame->inlined = i > 0;
        if (frame->inlined)
            call_site_read(arena, &chain->dies[i], &next);
    }
}

static void answer_from_debug_info(struct arena *arena, struct object *object, Dwarf_Addr address,
                                   struct answer *answer)
{
    Dwarf_Addr bias;
    Dwarf_Die *unit = unit_at(object->module, address, &bias);
    if (unit == NULL)
        return;
    Dwarf_Line *line = dwarf_getsrc_die(unit, address - bias);
    int number;
    if (line != NULL && dwarf_lineno(line, &number) == 0) {
        answer->frames[0].file = source_path(arena, unit, dwarf_linesrc(line, NULL, NULL));
        answer->frames[0].line = number > 0 ? (uint32_t)number : 0;
    }

    struct chain chain = {.count = 1};
    if (function_find(unit, address - bias, &chain.dies[0], 0)) {
        chain_collect(&chain, &chain.dies[0], address - bias);
        answer_from_chain(arena, &chain, answer);
    }
}

static void answer_from_symbols(struct arena *arena, struct object *object, Dwarf_Addr address,
                                struct frame *frame)
{
    GElf_Off offset;
    GElf_Sym symbol;
    const char *name =
        dwfl_module_addrinfo(object->module, address, &offset, &symbol, NULL, NULL, NULL);
    if (name == NULL || name[0] == '\0' || GELF_ST_TYPE(symbol.st_info) == STT_OBJECT)
        return;
    if (symbol.st_size != 0 && offset >= symbol.st_size)
        return;
    frame->function = name_readable(arena, name);
}

const struct place *object_look_up(struct symbolizer *symbolizer, struct object *object,
                                   uint64_t address)
{
    struct place *place;
    HASH_FIND(hh, object->looked_up, &address, sizeof address, place);
    if (place != NULL)
        return place;

    struct arena *arena = symbolizer->arena;
    struct answer answer = {0};
    if (object->module != NULL) {
        Dwarf_Addr moved = address + object->bias;
        answer_from_debug_info(arena, object, moved, &answer);
        if (answer.count == 0)
            answer.count = 1;
        struct frame *outermost = &answer.frames[answer.count - 1];
        if (outermost->function == NULL)
            answer_from_symbols(arena, object, moved, outermost);
    } else {
        answer.count = 1;
    }
    place = arena_alloc(arena, sizeof *place);
    place->address = address;
    place->count = answer.count;
    place->frames = arena_alloc(arena, answer.count * sizeof *place->frames);
    memcpy(place->frames, answer.frames, answer.count * sizeof *place->frames);
    HASH_ADD(hh, object->looked_up, address, sizeof address, place);
    return place;
}
