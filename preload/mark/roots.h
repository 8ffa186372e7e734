/*
 * Roots: the memory outside of blocks from which the program can reach blocks.
 *
 * The list is an input of the flood, so that tests can hand in one of their own; roots_collect
 * makes the real one. Runs in the snapshot, or in the program while the world is stopped.
 */
#ifndef SEEP_MARK_ROOTS_H
#define SEEP_MARK_ROOTS_H

#include <stddef.h>
#include <stdint.h>

#include "../record/world.h"
#include "blocks.h"
#include "memory_map.h"

enum roots_kind {
    ROOTS_GLOBAL,   /* writable segments of modules */
    ROOTS_STACK,    /* of the thread `thread` */
    ROOTS_REGISTER, /* copies of registers of that thread, in our memory or its signal frame */
    ROOTS_TLS,      /* thread control block and static TLS of that thread */
    ROOTS_MAPPING,  /* any other memory that was written */
    ROOTS_CODE,     /* of it, what may be executed: machine code has pointers at any byte */
    ROOTS_KERNEL    /* values that the kernel holds (epoll, timers), copied to our memory */
};

enum { ROOTS_NO_THREAD = -1 };

/* Words [start, end), both multiples of 8. */
struct roots_range {
    uintptr_t start;
    uintptr_t end;
    enum roots_kind kind;
    int thread; /* index in world->threads, or ROOTS_NO_THREAD */
};

struct roots {
    struct roots_range *ranges;
    size_t count;
    size_t room;
    uintptr_t *values; /* root words that are in no memory of the program */
    size_t value_count;
    size_t value_room;
    bool reads_live; /* some are shared memory, which the program goes on to write meanwhile */
    int error;       /* -ENOMEM once something could not be kept, else 0 */
};

struct roots_request {
    const struct world *world;
    const struct memory_map *map;
    const struct blocks *blocks;
    int program_pagemap; /* descriptor, or -1 */
};

/* Fills a zeroed list, between fault_begin and fault_end. In the snapshot, memory that was written
 * and cannot be read any more is made readable. Returns 0 or -ENOMEM. */
int roots_collect(struct roots *roots, const struct roots_request *request);
void roots_free(struct roots *roots);

/* For those who collect, and for tests. Failure is kept in `error`. */
void roots_add(struct roots *roots, struct roots_range range);
void roots_add_value(struct roots *roots, uintptr_t value, enum roots_kind kind, int thread);
/* Keeps the block that holds `address`, as a pointer to its start would. */
void roots_add_inside(struct roots *roots, const struct blocks *blocks, uintptr_t address,
                      int thread);

/* The range that holds the word at `address`, or NULL. */
const struct roots_range *roots_find(const struct roots *roots, uintptr_t address);

#endif
