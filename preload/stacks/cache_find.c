/* The validated cache: what it knows; see cache.h. */
#include <stddef.h>

#include "cache_nodes.h"
#include "cfi.h"
#include "depot.h"
#include "reach.h"

/* Of a node with flags. */
static bool node_holds_slow(const struct cache *cache, const struct cache_node *node)
{
    const struct cache_node *at = node;
    struct reach reach = reach_around(node->base);
    for (;;) {
        for (uint32_t i = 0; i < cache_count(at); i++) {
            uintptr_t word;
            if (!reach_read(&reach, node_word_at(at, i), &word) || word != node_word(at, i))
                return false;
        }
        if (cache_outer(at) == 0)
            break;
        at = cache_node(cache, cache_outer(at));
    }
    if ((node->id & CACHE_NOWHERE) == 0)
        return true;
    const struct depot_stack *stack = depot_get(node_id(node));
    struct cfi_row row = cfi_find(stack->pcs[stack->frames - 1] - 1);
    return row.kind == CFI_NONE && !row.is_lasting;
}

uint32_t *cache_tree_in_index(struct cache *cache, const uintptr_t *frame)
{
    uint32_t key = cache_key(frame);
    uint32_t *set = cache_index(cache, key);
    for (unsigned ways = index_ways(set, index_tag(key)); ways != 0; ways &= ways - 1) {
        uint32_t *way = &set[__builtin_ctz(ways)];
        const struct cache_node *node = index_node(cache, *way);
        if (*way != 0 && tree_begins(node, frame))
            return way;
    }
    return NULL;
}

/* The end of any tree. */
static const struct cache_node *tree_end(const struct cache *cache, const struct cache_node *node)
{
    struct reach reach = reach_around(node->base);
    while ((node->id & CACHE_BRANCH) != 0) {
        const struct cache_branch *branch = (const void *)node;
        uintptr_t word = 0;
        reach_read(&reach, branch->base + branch->distance * sizeof word, &word);
        node = cache_node(cache, cache_child(branch, word));
    }
    return node;
}

uint32_t cache_find(struct cache *cache, const uintptr_t *frame)
{
    const uint32_t *way = cache_tree_in_index(cache, frame);
    if (way == NULL)
        return 0;
    const struct cache_node *tree = index_node(cache, *way);
    const struct cache_node *node = tree_end(cache, tree);
    if (!tree_begins(node, frame) ||
        !(node->id > CACHE_ID_MAX ? node_holds_slow(cache, node)
                                  : cache_node_holds(cache, node, frame)))
        return 0;
    cache_tree_put(cache, frame, node_name(cache, tree));
    return node_id(node);
}
