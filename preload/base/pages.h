/*
 * Pages of the library's own, straight from the kernel, and the register of them.
 *
 * Everything that the library needs for itself comes from here, so that the marker can tell it
 * from the program's memory: own pages are neither roots nor heap. Kernel mappings merge, hence
 * the register holds address ranges of its own.
 *
 * Runs in program threads (any, also in signal handlers) and in the snapshot.
 */
#ifndef SEEP_BASE_PAGES_H
#define SEEP_BASE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGES_BYTES 4096u

struct pages_range {
    uintptr_t start;
    uintptr_t end;
};

/* Maps zeroed pages, private, not reserved, not in core dumps. Returns NULL when there is no
 * memory or the register is full. `bytes` is rounded up to pages. */
void *pages_map(size_t bytes);
/* The same, shared with snapshots and with forked children. */
void *pages_map_shared(size_t bytes);
/* The same as pages_map, but the kernel gives a fork's child zeroes. */
void *pages_map_wiped(size_t bytes);
void pages_unmap(void *start, size_t bytes);
/* True while so much more could be mapped. */
bool pages_have_room(size_t bytes);
/* Maps once more, somewhere else, what pages_map_shared mapped; `bytes` as then, although all but
 * its first page may have been unmapped since. NULL when there is no room. */
void *pages_map_again(const void *shared, size_t bytes);
/* True in a snapshot that ends soon: giving pages back one by one would only take time. Set once,
 * by the snapshot in its own copy. */
extern bool pages_end_with_process __attribute__((visibility("hidden")));

/* Adds memory to the register that was not mapped here (the library's data segment). */
bool pages_register(uintptr_t start, uintptr_t end);

/* Copies up to `max` ranges, sorted by address, into `out`; returns how many there are. */
size_t pages_ranges(struct pages_range *out, size_t max);

/* Around fork, with all signals blocked, so that the child's register is whole. */
void pages_fork_prepare(void);
void pages_fork_done(void);
/* In a child of a fork without handlers. */
void pages_fork_unprepared(void);

/* Bytes that are registered. */
size_t pages_total(void);

#endif
