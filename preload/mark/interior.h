/*
 * The reasons why C++ (and a few C habits) hold a block by a pointer that is not to its start.
 *
 * Called by the flood for interior pointers only; under its conditions.
 */
#ifndef SEEP_MARK_INTERIOR_H
#define SEEP_MARK_INTERIOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/pages.h"
#include "blocks.h"

/* Where virtual tables can lie and where their functions do: sorted by address, not overlapping. */
struct interior_map {
    const struct pages_range *constants; /* read-only mappings of files */
    size_t constant_count;
    const struct pages_range *code; /* executable mappings of files */
    size_t code_count;
};

/* True when a pointer to `address`, in `found` but not at its start, is how such code holds it. */
bool interior_is_explained(const struct interior_map *map, const struct blocks_found *found,
                           uintptr_t address);

/* An array of length 0 with a cookie has its address where the block ends. Finds that block. */
bool interior_find_empty_array(const struct blocks *blocks, uintptr_t address,
                               struct blocks_found *found);

#endif
