/*
 * The validated cache: call paths of this thread that were walked before.
 *
 * A node keeps the words that a walk read of the stack, and what came out. When a capture begins
 * at the same place (return address and stack pointer) and all those words are what they were, the
 * same walk would read the same words and come to the same end: its id is taken over without
 * walking.
 *
 * Paths that begin at the same place form a tree: a branch says by which word of the stack they
 * differ, and has a child for some bits of that word. Only the node at the end is compared, so
 * that a branch costs a few instructions and cannot be wrong. (D. R. Morrison, "PATRICIA", 1968.)
 *
 * Runs in program threads, one cache for each, no lock. A signal handler that captures while its
 * thread uses its cache finds it taken (cache_take), or knows that it is nested (capture.h), and
 * does without. Nothing here faults: of the thread's own stack all that is above the stack pointer
 * can be read, other stacks are read through reach.h.
 */
#ifndef SEEP_STACKS_CACHE_H
#define SEEP_STACKS_CACHE_H

#include <emmintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "last.h"
#include "stacks.h"
#include "walk.h"

enum {
    CACHE_WAYS = 8,
    CACHE_LINE = 4, /* words in a node of one cache line */
    CACHE_RUN =
        LAST_RUN, /* in one of two: with more, more stand there in vain, with fewer, more nodes */
    CACHE_CHILDREN = 8,
    CACHE_KEY_SHIFT = 16,  /* the bits of a key from here on are a hash */
    CACHE_NAME_BYTES = 64, /* what all names are multiples of */

    CACHE_ID_MAX = (1 << 24) - 1, /* above an id there are flags: */
    CACHE_OTHER_STACK = 1 << 24,  /* not on the thread's own stack */
    CACHE_NOWHERE = 2 << 24,      /* ends outside of all modules: there must still be none */
    CACHE_BRANCH = 4 << 24        /* a struct cache_branch */
};

/* Words of the stack and how far, in words, each is from `base`; where there are fewer than
 * CACHE_LINE, the last one stands several times. A node of more words is two of these, of which the
 * second has words and nothing else. A node's name is its distance from the cache's start in bytes.
 */
struct cache_node {
    uintptr_t pc;   /* of the entry, inverted where there are flags, so that the short way need not
                       look at them; 0 in a node that only continues others */
    uintptr_t base; /* of an entry: the wrapper's frame */
    uint32_t id;    /* of the call path, and flags */
    uint32_t outer; /* the node that continues this one, further out, or 0; and in the bits that a
                       name leaves free the number of different words less one */
    uint16_t distances[CACHE_LINE];
    uintptr_t words[CACHE_LINE] __attribute__((aligned(16)));
} __attribute__((aligned(CACHE_NAME_BYTES)));

/* Where paths of one entry part; in the place of a node. */
struct cache_branch {
    uintptr_t pc; /* inverted */
    uintptr_t base;
    uint32_t flags;
    uint16_t distance; /* of the word, in words from base */
    uint8_t order;     /* which one of a path's words it is */
    uint8_t shift;     /* which bits of it name the child */
    uint32_t children[CACHE_CHILDREN];
} __attribute__((aligned(CACHE_NAME_BYTES)));

_Static_assert(sizeof(struct cache_node) == CACHE_NAME_BYTES, "a cache line");
_Static_assert(offsetof(struct cache_node, id) == offsetof(struct cache_branch, flags),
               "either can be asked what it is");

/* At the start of pages of our own; behind it lie `trees`, index and nodes. */
struct cache {
    uint32_t generation; /* of the modules that this is about */
    uint32_t trees_mask; /* their number less one */
    uint32_t index_mask; /* the number of sets less one */
    uint32_t index_at;   /* where the index begins */
    uint32_t used;       /* bytes */
    uint32_t bytes;
    uint32_t turn;    /* which way gives way next */
    uint32_t refills; /* how often it was full */
    uint32_t place;   /* among all caches */
    bool is_of_main;  /* of the thread that the process began with */
    struct last_walk last;
    struct cache_node none; /* all 0: what stands for no node in trees and branches */
    uint32_t trees[];       /* by frame; of those that met in two places the last ones used */
};

struct cache_self {
    struct cache *ready; /* NULL while it is in use, or there is none yet */
    uint32_t generation; /* of the modules that `ready` is about; 0, which is none, without one */
    uint32_t trees_mask; /* of `ready` */
    uint32_t without;    /* captures since there was none */
    bool is_shut;        /* what is given back does not become ready */
    struct cache *aside; /* instead of ready: not to be used by the short way */
    struct cache *made;
    uintptr_t main_frame; /* words from here on are settled (stacks_main_begins); 0: none */
};

extern _Thread_local struct cache_self cache_self
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* Before any capture, and again when the depth changes; single thread. False when there is no
 * memory. */
bool cache_start(void);

/* In the child of a fork, in its single thread. */
void cache_forked(void);

/* The thread's cache for reading and writing, or NULL: a frame further out is using it, or the
 * thread has too few captures to need one. To be given back; `is_ready`: for the short way too. */
struct cache *cache_take(void);
void cache_give(struct cache *cache, bool is_ready);

/* Keeps what a walk found, unless it depended on what cannot be kept. The cache may give way to a
 * larger one: that is returned. */
struct cache *cache_put(struct cache *cache, const struct walk *walk, uint32_t id);

/* Forgets all. */
void cache_empty(struct cache *cache);

/* Forgets all, and returns the cache or, for one that is full often, a larger one in its place. */
struct cache *cache_make_room(struct cache *cache);

/* The id of the path from this frame, or 0. */
uint32_t cache_find(struct cache *cache, const uintptr_t *frame);

/* By return address and place of a wrapper's frame. */
static inline uint32_t cache_key(const uintptr_t *frame)
{
    return ((uint32_t)frame[1] + (uint32_t)(uintptr_t)frame * 8) * 0x9E3779B1u;
}

static inline const struct cache_node *cache_node(const struct cache *cache, uintptr_t name)
{
    return (const struct cache_node *)((const char *)cache + name);
}

/* The name of the node that continues this one, or 0. */
static inline uintptr_t cache_outer(const struct cache_node *node)
{
    return (uintptr_t)node->outer & ~(uintptr_t)(CACHE_NAME_BYTES - 1);
}

/* Different words in a node. */
static inline uint32_t cache_count(const struct cache_node *node)
{
    return (node->outer & (CACHE_NAME_BYTES - 1)) + 1;
}

static inline bool cache_has_two_lines(const struct cache_node *node)
{
    return (node->outer & CACHE_LINE) != 0; /* the number of words less one is 4 to 7 */
}

/* Whether one line's words are what the stack has. Two words at once, and one jump for all: of the
 * thread's own stack the outer words can be read even where the inner ones differ. What limits this
 * is the number of instructions. */
static inline __attribute__((always_inline)) __m128i cache_words_same(const struct cache_node *line,
                                                                      const void *base)
{
    const double *at = base;
    const __m128i *words = (const __m128i *)(const void *)line->words;
    const uint16_t *distances = line->distances;
    __m128d one = _mm_loadh_pd(_mm_load_sd(&at[distances[0]]), &at[distances[1]]);
    __m128d two = _mm_loadh_pd(_mm_load_sd(&at[distances[2]]), &at[distances[3]]);
    return _mm_and_si128(_mm_cmpeq_epi32(_mm_castpd_si128(one), words[0]),
                         _mm_cmpeq_epi32(_mm_castpd_si128(two), words[1]));
}

static inline __attribute__((always_inline)) bool cache_is_all(__m128i same)
{
    return __builtin_expect(_mm_movemask_epi8(same) == 0xffff, 1);
}

static inline __attribute__((always_inline)) bool cache_run_holds(const struct cache_node *node,
                                                                  const void *base)
{
    return cache_is_all(
        _mm_and_si128(cache_words_same(node, base), cache_words_same(node + 1, base)));
}

/* Of a node without flags, the end of a tree, that begins with this frame. */
static inline __attribute__((always_inline)) bool
cache_node_holds(const struct cache *cache, const struct cache_node *node, const uintptr_t *frame)
{
    if (!(cache_has_two_lines(node) ? cache_run_holds(node, frame)
                                    : cache_is_all(cache_words_same(node, frame))))
        return false;
    for (uintptr_t name; (name = cache_outer(node)) != 0;) {
        node = cache_node(cache, name);
        if (!cache_run_holds(node, (const void *)node->base))
            return false;
    }
    return true;
}

/* True for the end of a tree, without flags, that begins with this frame. */
static inline __attribute__((always_inline)) bool cache_node_begins(const struct cache_node *node,
                                                                    const uintptr_t *frame)
{
    return __builtin_expect(node->pc == frame[1] && node->base == (uintptr_t)frame, 1);
}

/* The same for branches and ends with flags. */
static inline __attribute__((always_inline)) bool
cache_node_begins_flagged(const struct cache_node *node, const uintptr_t *frame)
{
    return node->pc == ~frame[1] && node->base == (uintptr_t)frame;
}

/* Where in `trees` the tree of a frame is, there or in the place beside it, if it is one of the
 * last two used of those that would be there. */
static inline __attribute__((always_inline)) size_t cache_tree_at(uint32_t trees_mask,
                                                                  const uintptr_t *frame)
{
    return cache_key(frame) >> CACHE_KEY_SHIFT & trees_mask;
}

static inline __attribute__((always_inline)) uint32_t cache_child(const struct cache_branch *branch,
                                                                  uintptr_t word)
{
    return branch->children[word >> branch->shift & (CACHE_CHILDREN - 1)];
}

/* The end of a tree that begins with this frame, if it is on the thread's own stack with all words
 * that lead there, and has no flags; else NULL. */
static inline __attribute__((always_inline)) const struct cache_node *
cache_end(const struct cache *cache, uintptr_t name, const uintptr_t *frame)
{
    const struct cache_node *node = cache_node(cache, name);
    if (cache_node_begins(node, frame))
        return node;
    if (node->id != CACHE_BRANCH || !cache_node_begins_flagged(node, frame))
        return NULL;
    do {
        const struct cache_branch *branch = (const void *)node;
        node = cache_node(cache, cache_child(branch, frame[branch->distance]));
    } while (node->id == CACHE_BRANCH);
    return cache_node_begins(node, frame) ? node : NULL;
}

#endif
