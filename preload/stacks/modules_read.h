/*
 * What the loader, the kernel and a module's own headers say about it.
 *
 * modules_read_loaded runs in program threads, under the loader's list lock; the other runs in the
 * snapshot, where every other thread is frozen, and takes no lock.
 */
#ifndef SEEP_STACKS_MODULES_READ_H
#define SEEP_STACKS_MODULES_READ_H

#include <elf.h>

#include "modules.h"

/* Takes one module: what is known about it, and its name as the loader has it (borrowed). */
typedef void (*modules_take_cb)(const struct modules_module *found, const char *name);

/* Hands each module of the loader's list to `take`, the executable first. */
void modules_read_loaded(modules_take_cb take);
void modules_read_frozen(modules_take_cb take);

/* Hands the module that `address` lies in to `take`, unless its bias is `known_bias`. Takes no
 * lock: the address belongs to code that is being executed. The number of its thread-local block is
 * left to a later reading. */
void modules_read_at(uintptr_t address, const uintptr_t *known_bias, modules_take_cb take);

/* Fills in ranges, segments and build id from the program headers in memory. Returns false for a
 * module without segments. */
bool modules_read_headers(struct modules_module *out, uintptr_t bias, const Elf64_Phdr *headers,
                          unsigned count);

/* A copy that stays, NULL without memory. */
char *modules_keep_text(const char *text);
/* The path of a module that the loader calls `name`. The executable has no name there; when the
 * loader itself was executed, the kernel's link is the loader's, and the loader says what it runs.
 * A name that is relative counts from the directory of this moment. */
char *modules_keep_path(const char *name);

#endif
