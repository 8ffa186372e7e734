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
/* Through a wrapper around malloc. */
uint32_t capture_wrapped(uintptr_t pc, uintptr_t sp, uintptr_t fp, struct cache *cache);

/* Looks where `key` leads. */
static inline __attribute__((always_inline)) uint32_t
capture_by_key(const struct cache *cache, uint32_t key, const struct stacks_entry *entry)
{
    const struct cache_node *node = cache_find_first(cache, key, entry);
    if (__builtin_expect(node != NULL && cache_node_holds(cache, node), 1))
        return node->id;
    return capture_slow(entry->pc, entry->sp, entry->fp);
}

/* stacks_capture for a caller that knows that this thread is in no other capture further out, and
 * that signal handlers which come meanwhile use stacks_capture_nested: the cache needs no taking.
 */
static inline __attribute__((always_inline)) uint32_t capture_inline(struct stacks_entry entry)
{
    struct cache *cache = cache_self.ready;
    if (__builtin_expect(cache == NULL || cache->generation != modules_generation(), 0))
        return capture_slow(entry.pc, entry.sp, entry.fp);
    if ((cache->wrapper_bits >> entry.pc % CACHE_WRAPPERS & 1) != 0)
        return capture_wrapped(entry.pc, entry.sp, entry.fp, cache);
    return capture_by_key(cache, cache_key_short(entry.pc, entry.sp), &entry);
}

#endif
