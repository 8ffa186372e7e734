/*
 * An ELF file opened for its names; for symbolize/ only.
 */
#ifndef SEEP_REPORT_OBJECT_H
#define SEEP_REPORT_OBJECT_H

#include "../hash.h"
#include "symbolize.h"

#include <elfutils/libdwfl.h>

/* The frames at a file address, innermost first; `pc`, `offset` and `module` are left for the
 * caller. At least one frame, perhaps without names. */
struct place {
    uint64_t address;
    struct frame *frames;
    size_t count;
    UT_hash_handle hh;
};

struct object {
    const char *name; /* path and build id in one */
    const char *path;
    const char *build_id; /* or NULL */
    Dwfl *dwfl;           /* NULL when there is no file with this build id */
    Dwfl_Module *module;
    Dwarf_Addr bias;         /* libdwfl's address of the module minus the one in the file */
    struct place *looked_up; /* by address */
    UT_hash_handle hh;
};

struct symbolizer {
    struct arena *arena;
    struct object *objects;      /* by name */
    uint64_t download_budget_ns; /* what is left for debuginfod */
};

/* The object of a module, opened at the first call. Never NULL. */
struct object *object_of_module(struct symbolizer *symbolizer, struct module *module);
void object_close(struct object *object);

const struct place *object_look_up(struct symbolizer *symbolizer, struct object *object,
                                   uint64_t address);

/* A readable name for a symbol: demangled, without a compiler's suffix for a clone. */
const char *name_readable(struct arena *arena, const char *symbol);

#endif
