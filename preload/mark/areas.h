/*
 * A list of address ranges with what they are: parts that are no roots, parts of a known kind.
 *
 * Filled in any order, then sorted once, then read from low to high.
 */
#ifndef SEEP_MARK_AREAS_H
#define SEEP_MARK_AREAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/pages.h"
#include "roots.h"

struct areas {
    struct roots_range *ranges;
    size_t count;
    size_t room;
};

/* Returns 0 or -ENOMEM. An empty range is left out. */
int areas_add(struct areas *areas, struct roots_range range);
void areas_sort(struct areas *areas);
void areas_free(struct areas *areas);

/* Splits [start, end) where a range begins or ends. Returns the end of the first piece, and in
 * `*inside` the range that it lies in, or NULL. `*cursor` begins at 0; calls must ascend. Of ranges
 * that overlap the one that begins first is taken. */
uintptr_t areas_cut(const struct areas *areas, size_t *cursor, struct pages_range piece,
                    const struct roots_range **inside);

#endif
