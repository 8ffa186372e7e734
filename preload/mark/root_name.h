/*
 * What a root word is, for people: which global, whose stack and frame, which register.
 *
 * Called by judge/ for the few words that the report shows, between fault_begin and fault_end.
 */
#ifndef SEEP_MARK_ROOT_NAME_H
#define SEEP_MARK_ROOT_NAME_H

#include <stdint.h>

#include "../leakfile.h"
#include "mark.h"

enum { ROOT_NAME_BYTES = 256 };

/* The fields are those of struct leakfile_holder with the same names. */
struct root_name {
    enum leakfile_root root;
    uint32_t thread;
    uint32_t module;
    uint64_t address;
    uint64_t offset;
    uint64_t pc;
    uint32_t name_bytes;
    char name[ROOT_NAME_BYTES];
};

/* `address` is that of a word in a root range of the mark. */
void root_name_find(const struct mark_result *mark, uintptr_t address, struct root_name *name);

#endif
