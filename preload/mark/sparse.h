/*
 * Which parts of a large block may hold something else than zeros: programs ask for gigabytes and
 * touch little of them, and reading a page that was never written makes the kernel map one.
 *
 * Used by the flood and by judge/, in the snapshot, or in the program with the world stopped,
 * between fault_begin and fault_end. No malloc; asks the kernel (written.h) when it is first
 * needed.
 */
#ifndef SEEP_MARK_SPARSE_H
#define SEEP_MARK_SPARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/pages.h"
#include "memory_map.h"
#include "written.h"

enum {
    SPARSE_BYTES = 1 << 20, /* a block of so many is large */
    SPARSE_RUNS = 64
};

struct sparse {
    const struct memory_map *map;
    bool is_open;
    bool is_broken; /* nothing can be told: all counts */
    struct written written;
    struct pages_range known;             /* the runs below are all there are in it */
    struct pages_range runs[SPARSE_RUNS]; /* by address */
    size_t run_count;
};

/* Returns the first part of [at, end) that must be read; it is empty where there is none. `sparse`
 * begins with a map and else zeros. */
struct pages_range sparse_next(struct sparse *sparse, uintptr_t at, uintptr_t end);
/* What sparse_next does when it first needs the kernel. It maps pages: where that must not happen
 * any more, it is called before. Returns false when nothing can be told. */
bool sparse_open(struct sparse *sparse);
void sparse_finish(struct sparse *sparse);

#endif
