/*
 * The entry to marking: which recorded blocks can the program still reach?
 *
 * mark_run is called by collect/ in the snapshot, or in the program with the world stopped; on a
 * stack of at least 256 KiB. In the snapshot, where the heap is large and processors are free,
 * other threads help, and have ended when it returns. It takes no lock but that of base/pages,
 * calls neither malloc nor libc's stdio or loader, and survives pages that cannot be read: it
 * installs a handler for SIGSEGV and SIGBUS and puts the former back. Any other fault in the
 * snapshot ends the snapshot with status MARK_FAULT_STATUS.
 *
 *     struct mark_result mark = {0};
 *     int error = mark_run(world, &options, &mark);
 *     struct judge_result judged = {0};
 *     if (error == 0)
 *         error = judge_run(&mark, NULL, &judged);
 *     …
 *     judge_finish(&judged);
 *     mark_finish(&mark);
 */
#ifndef SEEP_MARK_MARK_H
#define SEEP_MARK_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/pages.h"
#include "../record/world.h"
#include "blocks.h"
#include "roots.h"

enum { MARK_FAULT_STATUS = 86 };

struct mark_options {
    bool holders;       /* remember for each block the word that reached it first, nearest first */
    bool program_waits; /* for the end of this: it needs no processor meanwhile */
    uint32_t pointer_bits; /* low bits of a word that are its address; 0: all */
    int program_pagemap;   /* descriptor of the program's /proc/…/pagemap, or -1: opened here */
    const uintptr_t *more_roots; /* words that are roots too: the block in hand, if any */
    size_t more_root_count;
};

/* Fates are in the bit maps of `blocks`; see mark_fate. */
struct mark_result {
    struct blocks blocks;
    struct roots roots;
    struct memory_map map;
    const struct world *world;
    uintptr_t *via; /* by number: address of the word that reached it; NULL without `holders` */
    uint64_t pages_unreadable;
    uint64_t mark_ns; /* all of mark_run */
};

enum mark_fate {
    MARK_UNREACHED,
    MARK_POSSIBLE, /* only through an interior pointer that no C++ reason explains */
    MARK_REACHED
};

/* Returns 0, or a negative errno: the collection has then failed. `result` must be zeroed, and is
 * to be given to mark_finish in either case. `world` must outlive it. */
int mark_run(const struct world *world, const struct mark_options *options,
             struct mark_result *result);
void mark_finish(struct mark_result *result);

static inline enum mark_fate mark_fate(const struct blocks_found *found)
{
    if ((found->entry->reached & found->bit) != 0)
        return MARK_REACHED;
    return (found->entry->possible & found->bit) != 0 ? MARK_POSSIBLE : MARK_UNREACHED;
}

#endif
