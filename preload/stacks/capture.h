/*
 * The short way of a capture, to be inlined where each nanosecond counts: a path that the cache has
 * at the first place where it can be. All else goes to stacks.c.
 *
 * Runs as stacks_capture does, which is the same out of line.
 */
#ifndef SEEP_STACKS_CAPTURE_H
#define SEEP_STACKS_CAPTURE_H

#include "cache.h"
#include "modules.h"
#include "stacks.h"

/* All but what the short way knows. */
uint32_t capture_slow(const uintptr_t *frame);

/* Whether the calling thread has a cache for the short way, and no module went since. */
static inline __attribute__((always_inline)) bool capture_is_ready(void)
{
    return __builtin_expect(cache_self.generation == modules_generation(), 1);
}

/* stacks_capture where capture_is_ready, of the wrapper with this frame: for a caller that knows
 * that this thread is in no other capture further out, and that signal handlers which come
 * meanwhile use stacks_capture_nested. The cache needs no taking. */
static inline __attribute__((always_inline)) uint32_t capture_inline(const uintptr_t *frame)
{
    const struct cache *cache = cache_self.ready;
    size_t at = cache_tree_at(cache_self.trees_mask, frame);
    const struct cache_node *node = cache_end(cache, cache->trees[at], frame);
    if (__builtin_expect(node == NULL, 0))
        node = cache_end(cache, cache->trees[at ^ 1], frame);
    if (__builtin_expect(node == NULL || !cache_node_holds(cache, node, frame), 0))
        return capture_slow(frame);
    return node->id;
}

#endif
