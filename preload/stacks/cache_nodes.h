/*
 * The nodes of a cache and the index that leads to them: to the tree of an entry, and to outer
 * nodes by all that is in them. For the other files of the cache.
 *
 * An entry of the index is a part of the key and the node's name in units of its alignment; 0 is
 * none.
 */
#ifndef SEEP_STACKS_CACHE_NODES_H
#define SEEP_STACKS_CACHE_NODES_H

#include "cache.h"

enum { INDEX_NAME_BITS = 19 };

static inline uint32_t *cache_index(struct cache *cache, uint32_t key)
{
    uint32_t set = key >> CACHE_KEY_SHIFT & cache->index_mask;
    return (uint32_t *)(void *)((char *)cache + cache->index_at) + (size_t)set * CACHE_WAYS;
}

/* What an entry of the index holds besides the node's name. */
static inline uint32_t index_tag(uint32_t key)
{
    return key << INDEX_NAME_BITS;
}

static inline struct cache_node *index_node(struct cache *cache, uint32_t entry)
{
    uint32_t unit = entry & ((1u << INDEX_NAME_BITS) - 1);
    return (struct cache_node *)(void *)((char *)cache + unit * _Alignof(struct cache_node));
}

/* The words of a node, and where on the stack each was read. */
static inline uintptr_t node_word(const struct cache_node *node, uint32_t i)
{
    return node[i / CACHE_LINE].words[i % CACHE_LINE];
}

static inline uintptr_t node_word_at(const struct cache_node *node, uint32_t i)
{
    return node->base + node[i / CACHE_LINE].distances[i % CACHE_LINE] * sizeof(uintptr_t);
}

/* Of a tree, whatever it is. */
static inline bool tree_begins(const struct cache_node *tree, const uintptr_t *frame)
{
    return cache_node_begins(tree, frame) || cache_node_begins_flagged(tree, frame);
}

static inline uint32_t node_id(const struct cache_node *node)
{
    return node->id & CACHE_ID_MAX;
}

static inline uint32_t node_name(const struct cache *cache, const struct cache_node *node)
{
    return (uint32_t)((const char *)node - (const char *)cache);
}

/* Which of the ways of a set have this tag, as bits; those that are empty may be among them. */
static inline unsigned index_ways(const uint32_t *set, uint32_t tag)
{
    const __m128i *ways = (const __m128i *)(const void *)set;
    __m128i name = _mm_set1_epi32((1 << INDEX_NAME_BITS) - 1);
    __m128i wanted = _mm_set1_epi32((int)(tag | ((1u << INDEX_NAME_BITS) - 1)));
    __m128i low = _mm_cmpeq_epi32(_mm_or_si128(_mm_load_si128(&ways[0]), name), wanted);
    __m128i high = _mm_cmpeq_epi32(_mm_or_si128(_mm_load_si128(&ways[1]), name), wanted);
    return (unsigned)_mm_movemask_ps(_mm_castsi128_ps(low)) |
           (unsigned)_mm_movemask_ps(_mm_castsi128_ps(high)) << 4;
}

/* The short way finds the tree of this frame from now on. Of those that meet there the one before
 * stays in the place beside. */
static inline void cache_tree_put(struct cache *cache, const uintptr_t *frame, uint32_t tree)
{
    size_t at = cache_tree_at(cache->trees_mask, frame);
    uint32_t before = cache->trees[at];
    if (!tree_begins(cache_node(cache, before), frame) && before != offsetof(struct cache, none))
        cache->trees[at ^ 1] = before;
    cache->trees[at] = tree;
}

/* Where the index has the tree of this frame, or NULL. */
uint32_t *cache_tree_in_index(struct cache *cache, const uintptr_t *frame);

#endif
