/*
 * The validated cache: call paths of this thread that were walked before.
 *
 * A node keeps the words that a walk read of the stack, and what came out. When a capture begins
 * at the same place (return address and stack pointer, and the frame pointer if the walk used it)
 * and all those words are what they were, the same walk would read the same words and come to the
 * same end: its id is taken over without walking.
 *
 * Runs in program threads, one cache for each, no lock. A signal handler that captures while its
 * thread uses its cache finds it taken (cache_take), or knows that it is nested (capture.h), and
 * does without. Nothing here faults: of the
 * thread's own stack all that is above the stack pointer can be read, other stacks are read through
 * reach.h, and a word is read only when all words further in were the same.
 */
#ifndef SEEP_STACKS_CACHE_H
#define SEEP_STACKS_CACHE_H

#include <emmintrin.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "stacks.h"
#include "walk.h"

enum {
    CACHE_WAYS = 4,
    CACHE_RUN =
        8, /* words in a node: with more, more stand there in vain, with fewer, more nodes */
    CACHE_WRAPPERS = 64,
    CACHE_WRAPPERS_FOLLOWED = WALK_RULES,
    CACHE_SETS_LAST = 4096,
    CACHE_KEY_SHIFT = 18, /* the bits of a key from here on are a hash */

    CACHE_OTHER_STACK = 1, /* flags: not on the thread's own stack */
    CACHE_NOWHERE = 2      /* ends at an address outside of all modules: there must still be none */
};

/* Words of the stack and how far, in words, each is from `base`. All CACHE_RUN are there; where
 * there was less to keep, the last one stands several times. A node's name is its distance from the
 * cache's start in bytes. */
struct cache_node {
    uintptr_t pc;   /* of the entry; 0 in a node that only continues others */
    uintptr_t base; /* of the entry: its stack pointer */
    uintptr_t fp;   /* of the entry, */
    bool uses_fp;   /* where this is set */
    uint8_t flags;
    uint32_t id;
    uint32_t outer; /* the node that continues this one, further out; 0: none */
    uint16_t distances[CACHE_RUN];
    uintptr_t words[CACHE_RUN] __attribute__((aligned(16)));
} __attribute__((aligned(64))); /* two cache lines, the words in the second */

/* A call site whose caller's return address belongs to the key, since many paths come through it,
 * and how to get there. */
struct cache_wrapper {
    uintptr_t pc;
    steps_rule rule;
};

/* At the start of pages of our own, of which those are touched that are in use. */
struct cache {
    uint32_t generation; /* of the modules that this is about */
    uint32_t recent_mask;
    uint32_t index_mask; /* for the first place of a set: its lowest bits are 0 */
    uint32_t used;       /* bytes */
    uint32_t limit;      /* bytes, for this number of sets */
    uint32_t turn;       /* which way gives way next */
    uint32_t refills;    /* how often it was full */
    int owner;           /* tid; 0: nobody's; atomic */
    uintptr_t own_low;
    uintptr_t own_high; /* what is known to be readable of the thread's own stack */
    struct cache_wrapper wrappers[CACHE_WRAPPERS];
    uint32_t recent[CACHE_SETS_LAST * CACHE_WAYS]; /* the node that an entry found last */
    uint32_t index[CACHE_SETS_LAST * CACHE_WAYS];  /* nodes by their whole key */
    struct cache_node nodes[];                     /* the first is none: all 0 */
};

struct cache_self {
    struct cache *ready; /* NULL while it is in use, or there is none yet */
    uint32_t generation; /* of the modules that `ready` is about; 0, which is none, without one */
    uint32_t without;    /* captures since there was none */
    struct cache *aside; /* instead of ready: not to be used by the short way, for tests */
    struct cache *made;
};

extern _Thread_local struct cache_self cache_self
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* Before any capture, and again when the depth changes; single thread. False when there is no
 * memory. */
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

/* The id of the path from this entry, or 0; what is found comes first in its set. */
uint32_t cache_find(struct cache *cache, const struct stacks_entry *entry);

static inline uint32_t cache_key_short(uintptr_t pc, uintptr_t sp)
{
    return ((uint32_t)pc + (uint32_t)sp * 8) * 0x9E3779B1u;
}

/* Mixes another word into a key. */
static inline uint32_t cache_key_mix(uint32_t key, uintptr_t word)
{
    return ((key ^ key >> 15) + (uint32_t)word) * 0x9E3779B1u;
}

/* Where the frame is that of a wrapper: moves on to its caller and returns true. What is read only
 * goes into a key, so a frame pointer that is none does no harm. */
static inline bool cache_wrapper_leave(const struct cache *cache, struct stacks_entry *frame)
{
    const struct cache_wrapper *wrapper = &cache->wrappers[frame->pc % CACHE_WRAPPERS];
    if (wrapper->pc != frame->pc)
        return false;
    uintptr_t from = steps_cfa(wrapper->rule) == CFI_CFA_SP ? frame->sp : frame->fp;
    uintptr_t cfa = from + (uintptr_t)steps_cfa_offset(wrapper->rule);
    uintptr_t fp_at = cfa + (uintptr_t)steps_fp_offset(wrapper->rule);
    if (cfa < frame->sp || cfa % sizeof cfa != 0 || fp_at < cache->own_low ||
        cfa < cache->own_low + sizeof cfa || cfa > cache->own_high)
        return false;
    if (steps_fp(wrapper->rule) == CFI_FP_AT_CFA)
        frame->fp = *(const uintptr_t *)fp_at;
    frame->sp = cfa;
    frame->pc = ((const uintptr_t *)cfa)[-1];
    return true;
}

/* The key of an entry whose frame may be a wrapper. */
static inline uint32_t cache_key(const struct cache *cache, struct stacks_entry frame)
{
    uint32_t key = cache_key_short(frame.pc, frame.sp);
    for (int i = 0; i < CACHE_WRAPPERS_FOLLOWED && cache_wrapper_leave(cache, &frame); i++)
        key = cache_key_mix(key, frame.pc);
    return key;
}

/* The first place of the set that a key leads to. */
static inline uint32_t cache_set(const struct cache *cache, uint32_t key)
{
    return key >> CACHE_KEY_SHIFT & cache->index_mask;
}

static inline const struct cache_node *cache_node(const struct cache *cache, uint32_t name)
{
    return (const struct cache_node *)((const char *)cache + name);
}

/* Two words at once, and one jump for all: of the thread's own stack the outer words can be read
 * even where the inner ones differ. What limits this is the number of instructions: 27 here, 42
 * with a jump for each word. */
static inline __attribute__((always_inline)) bool cache_run_holds(const struct cache_node *node)
{
    const double *base = (const double *)node->base;
    const __m128i *words = (const __m128i *)(const void *)node->words;
    __m128i same = _mm_set1_epi32(-1);
#pragma GCC unroll 4
    for (int i = 0; i < CACHE_RUN; i += 2) {
        __m128d now =
            _mm_loadh_pd(_mm_load_sd(&base[node->distances[i]]), &base[node->distances[i + 1]]);
        same = _mm_and_si128(same, _mm_cmpeq_epi32(_mm_castpd_si128(now), words[i / 2]));
    }
    return _mm_movemask_epi8(same) == 0xffff;
}

/* Of a node without flags. */
static inline __attribute__((always_inline)) bool cache_node_holds(const struct cache *cache,
                                                                   const struct cache_node *node)
{
    while (__builtin_expect(cache_run_holds(node), 1)) {
        if (node->outer == 0)
            return true;
        node = cache_node(cache, node->outer);
    }
    return false;
}

static inline __attribute__((always_inline)) bool
cache_node_begins(const struct cache_node *node, const struct stacks_entry *entry)
{
    return __builtin_expect(node->pc == entry->pc && node->base == entry->sp, 1) &&
           (node->fp == entry->fp || !node->uses_fp);
}

/* Where it is noted which node an entry found last. Nodes with flags are not. */
static inline __attribute__((always_inline)) uint32_t *
cache_recent(struct cache *cache, const struct stacks_entry *entry)
{
    uint32_t key = cache_key_short(entry->pc, entry->sp);
    return &cache->recent[key >> CACHE_KEY_SHIFT & cache->recent_mask];
}

#endif
