/*
 * Names for the addresses in a model, by elfutils' libdwfl and libiberty. Called by aggregate/ and
 * render/. Nothing here fails: what cannot be named stays module and offset.
 */
#ifndef SEEP_REPORT_SYMBOLIZE_H
#define SEEP_REPORT_SYMBOLIZE_H

#include "../model.h"

/* Opens nothing yet. `arena` must live longer than the symbolizer. */
struct symbolizer *symbolizer_new(struct arena *arena);
void symbolizer_free(struct symbolizer *symbolizer);

/* The named call path of a stack of the process; an empty path for a stack that is not in the
 * file. Never NULL. Kept, so that asking again costs nothing. */
const struct path *symbolizer_name_stack(struct symbolizer *symbolizer, struct process *process,
                                         uint32_t stack);

/* The innermost function at an address that is looked up as a stack's frame is, or NULL. */
const char *symbolizer_name_function(struct symbolizer *symbolizer, struct process *process,
                                     struct leakfile_pc pc);

struct variable {
    const char *name; /* or NULL */
    uint64_t offset;  /* from the variable's start; from the module's where there is no name */
};

/* The variable at `offset` of a module: minus the bias for a global one, from the start of the
 * module's thread-local block where `thread_local_block`. */
struct variable symbolizer_name_variable(struct symbolizer *symbolizer, struct module *module,
                                         uint64_t offset, bool thread_local_block);

/* NULL for LEAKFILE_NONE and for an id that the file does not have. */
struct module *process_find_module(struct process *process, uint32_t id);

#endif
