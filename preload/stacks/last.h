/*
 * The last walk of a thread, of which the next one takes what is the same.
 *
 * Paths that are new to a thread differ from the one before mostly in a few inner frames. Where a
 * walk comes to a return address that the last one read at the same place, and all words that the
 * last one read further out are what they were, it would read them and come to the same end: the
 * rest is taken over. A word further in may count only if it is the frame pointer that this walk
 * has just read from there.
 *
 * In the thread's cache, and taken with it; see cache.h.
 */
#ifndef SEEP_STACKS_LAST_H
#define SEEP_STACKS_LAST_H

#include <stdbool.h>
#include <stdint.h>

#include "walk.h"

enum { LAST_RUN = 8, LAST_RUNS_MAX = WALK_WORDS_MAX / LAST_RUN };

/* The outermost word and frame stand last in their arrays, so that what a walk takes stays. */
struct last_walk {
    uint32_t count;  /* of words; 0: there was no such walk */
    uint32_t frames; /* as many as were kept of it */
    bool ends_at_start;
    uint32_t settled;   /* of the words, in the outermost runs are no more: see cache_put */
    uint32_t run_count; /* names of the cache's nodes for the outermost runs of words */
    uint32_t runs[LAST_RUNS_MAX]; /* the outermost one first */
    uintptr_t pcs[WALK_WORDS_MAX];
    struct walk_word words[WALK_WORDS_MAX]; /* `frame` counts from the outermost one, which is 1 */
};

void last_forget(struct last_walk *last);

/* Of a walk that has just read a return address, with the frame pointer from `fp_at`: true when all
 * that is further out was taken over. */
bool last_take(struct walk *walk, uintptr_t fp_at);

/* Makes a finished walk the last one. False when it is of a kind that nothing is taken of. */
bool last_keep(struct last_walk *last, const struct walk *walk);

#endif
