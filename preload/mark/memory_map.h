/*
 * What is mapped where, from /proc/self/maps, and which of it was ever written, from pagemap.
 *
 * Runs in the snapshot, or in the program while the world is stopped; raw system calls and own
 * pages only.
 */
#ifndef SEEP_MARK_MEMORY_MAP_H
#define SEEP_MARK_MEMORY_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum memory_class {
    MEMORY_ANONYMOUS, /* private, of no file: heap, bss, stacks of threads, what was mapped */
    MEMORY_FILE,      /* private, of a file */
    MEMORY_SHARED,    /* writable by others too: files, memfd, /dev/zero, /dev/shm */
    MEMORY_STACK,     /* [stack], the main thread's */
    MEMORY_NEVER      /* devices, the kernel's pages, shared memory that cannot be written */
};

struct memory_mapping {
    uintptr_t start;
    uintptr_t end;
    enum memory_class class;
    bool readable;
    bool executable;
    bool writable;
    uint32_t name_bytes;
    const char *name; /* a file's path, or [heap] and the like; not terminated */
};

struct memory_map {
    struct memory_mapping *mappings; /* by address */
    size_t count;
    char *text; /* of /proc/self/maps; names point into it */
    size_t text_room;
};

/* Fills a zeroed map. Returns 0, -ENOMEM, or why the file could not be read. */
int memory_map_read(struct memory_map *map);
void memory_map_free(struct memory_map *map);

/* The mapping that holds `address`, or NULL. */
const struct memory_mapping *memory_map_find(const struct memory_map *map, uintptr_t address);

/* For tests: reads `text`, of `bytes`, which must stay. */
int memory_map_parse(struct memory_map *map, const char *text, size_t bytes);

#endif
