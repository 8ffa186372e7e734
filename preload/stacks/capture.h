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
uint32_t capture_slow(uintptr_t pc, uintptr_t sp, uintptr_t fp);
/* stacks_capture for a caller that knows that this thread is in no other capture further out, and
 * that signal handlers which come meanwhile use stacks_capture_nested: the cache needs no taking.
 */
static inline __attribute__((always_inline)) uint32_t capture_inline(struct stacks_entry entry)
{
    struct cache *cache = cache_self.ready;
    if (__builtin_expect(cache_self.generation != modules_generation(), 0))
        return capture_slow(entry.pc, entry.sp, entry.fp);
    const struct cache_node *node = cache_end(cache, *cache_tree(cache, &entry));
    if (cache_node_begins(node, &entry) && cache_node_holds(cache, node))
        return node->id;
    return capture_slow(entry.pc, entry.sp, entry.fp);
}

#endif
