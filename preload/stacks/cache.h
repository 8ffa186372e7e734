/*
 * The validated cache: call paths of this thread that were walked before.
 *
 * A node keeps the words that a walk read of the stack, and what came out. When a capture begins
 * at the same place (return address and stack pointer, and the frame pointer if the walk used it)
 * and all those words are what they were, the same walk would read the same words and come to the
 * same end: its id is taken over without walking.
 *
 * Runs in program threads, one cache for each, no lock. A signal handler that captures while its
 * thread uses its cache finds it taken (cache_take) and does without. Nothing here faults: of the
 * thread's own stack all that is above the stack pointer can be read, other stacks are read through
 * reach.h, and a word is read only when all words further in were the same.
 */
#ifndef SEEP_STACKS_CACHE_H
#define SEEP_STACKS_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "stacks.h"
#include "walk.h"

enum {
    CACHE_WAYS = 4,
    CACHE_RUN = 8, /* words in a node */
    CACHE_WRAPPERS = 64,
    CACHE_WRAPPERS_FOLLOWED = 6,
    CACHE_SETS_LAST = 1024,
    CACHE_UNIT = 32, /* nodes are numbered by their distance from the first, in this */

    CACHE_OTHER_STACK = 1, /* flags: not on the thread's own stack */
    CACHE_NOWHERE = 2      /* ends at an address outside of all modules: there must still be none */
};

/* Words of the stack, packed: the value above 16 bits with its distance from `base` in words. All
 * CACHE_RUN are there; where there was less to keep, one stands several times. */
struct cache_node {
    uintptr_t pc;   /* of the entry; 0 in a node that only continues others */
    uintptr_t base; /* of the entry: its stack pointer */
    uintptr_t fp;   /* of the entry, */
    uint32_t id;
    uint16_t outer; /* the number of the node that continues this one, further out; 0: none */
    uint8_t uses_fp; /* where this is 1 */
    uint8_t flags;
    uint64_t words[CACHE_RUN];
};

/* A call site whose caller's return address belongs to the key, since many paths come through it,
 * and how far its frame's stack pointer is from its caller's. */
struct cache_wrapper {
    uintptr_t pc;
    uintptr_t distance;
};

/* At the start of pages of our own, 256 KB of them, of which those are touched that are in use. */
struct cache {
    uint32_t generation; /* of the modules (and depth) that this is about */
    uint32_t sets_mask;
    uint32_t used;  /* bytes */
    uint32_t limit; /* bytes, for this number of sets */
    uint32_t turn;  /* which way gives way next */
    int owner;      /* tid; 0: nobody's; atomic */
    uintptr_t own_low;
    uintptr_t own_high; /* what is known to be readable of the thread's own stack */
    struct cache_wrapper wrappers[CACHE_WRAPPERS];
    uint32_t index[CACHE_SETS_LAST * CACHE_WAYS]; /* 16 bits of a key's hash, a node's number */
    struct cache_node nodes[];                    /* the first is none: all 0 */
};

struct cache_self {
    struct cache *ready; /* NULL while it is in use, or there is none yet */
    struct cache *aside; /* instead of ready: not to be used by the short way, for tests */
    struct cache *made;
    uint32_t without; /* captures since there was none */
};

extern _Thread_local struct cache_self cache_self
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* Once, single thread. False when there is no memory. */
bool cache_start(void);

/* In the child of a fork, in its single thread. */
void cache_forked(void);

/* The thread's cache for reading and writing, or NULL: a frame further out is using it, or the
 * thread has too few captures to need one. To be given back. */
struct cache *cache_take(void);
void cache_give(struct cache *cache, bool is_ready);

/* Keeps what a walk found, unless it depended on what cannot be kept. */
void cache_put(struct cache *cache, const struct walk *walk, uint32_t id);

/* Forgets all. */
void cache_empty(struct cache *cache);

/* The rare part of cache_find. */
bool cache_node_holds_slow(const struct cache *cache, const struct cache_node *node);

/* Mixes the next return address into a key. */
static inline uint64_t cache_key_mix(uint64_t key, uintptr_t word)
{
    return (key ^ word) * 0x9E3779B97F4A7C15u;
}

/* Where the frame `pc`, `sp` is a wrapper: moves on to its caller and returns true. */
static inline bool cache_wrapper_leave(const struct cache *cache, uintptr_t *pc, uintptr_t *sp)
{
    const struct cache_wrapper *wrapper = &cache->wrappers[(*pc ^ *pc >> 6) % CACHE_WRAPPERS];
    if (__builtin_expect(wrapper->pc != *pc, 1))
        return false;
    if (*sp < cache->own_low || *sp + wrapper->distance > cache->own_high)
        return false;
    *sp += wrapper->distance;
    *pc = ((const uintptr_t *)*sp)[-1];
    return true;
}

/* The hash of the key in its upper half. Return addresses are 47 bits, stack pointers multiples of
 * 16 at calls: the shift lets what changes of both meet little. */
static inline uint64_t cache_key(const struct cache *cache, uintptr_t pc, uintptr_t sp)
{
    uint64_t key = cache_key_mix(sp << 20, pc);
    for (int i = 0; i < CACHE_WRAPPERS_FOLLOWED && cache_wrapper_leave(cache, &pc, &sp); i++)
        key = cache_key_mix(key, pc);
    return key;
}

static inline const uint32_t *cache_set(const struct cache *cache, uint64_t key)
{
    return &cache->index[((uint32_t)(key >> 32) & cache->sets_mask) * CACHE_WAYS];
}

static inline const struct cache_node *cache_node(const struct cache *cache, uint32_t number)
{
    return (const struct cache_node *)((const char *)cache->nodes + (size_t)number * CACHE_UNIT);
}

/* Without a branch between the words: of the own stack all can be read. */
static inline uint64_t cache_run_difference(const struct cache_node *node)
{
    uint64_t difference = 0;
    const uintptr_t *base = (const uintptr_t *)node->base;
#pragma GCC unroll 8
    for (int i = 0; i < CACHE_RUN; i++)
        difference |= node->words[i] >> 16 ^ base[(uint16_t)node->words[i]];
    return difference;
}

static inline bool cache_node_holds(const struct cache *cache, const struct cache_node *node)
{
    if (__builtin_expect(node->flags != 0, 0))
        return cache_node_holds_slow(cache, node);
    while (cache_run_difference(node) == 0) {
        if (node->outer == 0)
            return true;
        node = cache_node(cache, node->outer);
    }
    return false;
}

/* The id of the path from this entry, or 0. */
static inline uint32_t cache_find(const struct cache *cache, uintptr_t pc, uintptr_t sp,
                                  uintptr_t fp)
{
    uint64_t key = cache_key(cache, pc, sp);
    const uint32_t *set = cache_set(cache, key);
    for (int way = 0; way < CACHE_WAYS; way++) {
        if ((set[way] ^ (uint32_t)(key >> 32)) >> 16 != 0)
            continue;
        const struct cache_node *node = cache_node(cache, (uint16_t)set[way]);
        if (((node->pc ^ pc) | (node->base ^ sp) |
             ((node->fp ^ fp) & -(uintptr_t)node->uses_fp)) == 0 &&
            cache_node_holds(cache, node))
            return node->id;
    }
    return 0;
}

#endif
