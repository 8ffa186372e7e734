/*
 * The validated cache: how a path is kept; see cache.h.
 *
 * Nodes that are the outer part of several paths exist once: the words of a path are cut into runs
 * from its outer end, and an equal run that continues the same way is shared.
 */
#include <stddef.h>
#include <string.h>

#include "cache_nodes.h"

enum { PUT_SAME = UINT8_MAX /* in place of a word's order: there is none by which they differ */ };

/* The lines of a node with so many words. */
static uint32_t node_lines(uint32_t count)
{
    return (count + CACHE_LINE - 1) / CACHE_LINE;
}

/* Fills `node` with `count` words. False when a distance has no room. */
static bool node_fill(struct cache_node *node, const struct walk_trace *trace, uint32_t first,
                      uint32_t count)
{
    node->outer |= count - 1;
    for (uint32_t i = 0, from = first; i < node_lines(count) * CACHE_LINE; i++) {
        struct cache_node *line = &node[i / CACHE_LINE];
        uintptr_t distance = (trace->words[from].at - node->base) / sizeof(uintptr_t);
        if (distance > UINT16_MAX) /* also where it lies below */
            return false;
        line->words[i % CACHE_LINE] = trace->words[from].word;
        line->distances[i % CACHE_LINE] = (uint16_t)distance;
        from += i + 1 < count;
    }
    return true;
}

/* Copies a node into the cache, which has room for it; returns its name. */
static uint32_t node_copy(struct cache *cache, const void *draft, size_t bytes)
{
    uint32_t name = cache->used;
    memcpy((char *)cache + name, draft, bytes);
    cache->used += (uint32_t)bytes;
    return name;
}

static uint32_t index_entry(uint32_t key, uint32_t name)
{
    return index_tag(key) | name / (uint32_t) _Alignof(struct cache_node);
}

/* Lets the key lead to a node. */
static void index_put(struct cache *cache, uint32_t key, uint32_t name)
{
    uint32_t *set = cache_index(cache, key);
    int way = 0;
    while (way < CACHE_WAYS && set[way] != 0)
        way++;
    if (way == CACHE_WAYS)
        way = (int)(cache->turn++ % CACHE_WAYS);
    set[way] = index_entry(key, name);
}

/* Mixes another word into a key. */
static uint32_t key_mix(uint32_t key, uintptr_t word)
{
    return ((key ^ key >> 15) + (uint32_t)word) * 0x9E3779B1u;
}

/* The node with this run, which may be there already; 0 where it cannot be kept. */
static uint32_t outer_keep(struct cache *cache, const struct walk_trace *trace, uint32_t first,
                           uint32_t outer)
{
    struct cache_node draft[CACHE_RUN / CACHE_LINE] = {
        {.base = trace->words[first].at, .outer = outer}};
    for (uint32_t i = 1; i < CACHE_RUN; i++)
        if (trace->words[first + i].at < draft->base)
            draft->base = trace->words[first + i].at;
    if (!node_fill(draft, trace, first, CACHE_RUN))
        return 0;
    uint32_t key = key_mix((uint32_t)draft->base, outer);
    for (uint32_t i = 0; i < CACHE_RUN; i++)
        key = key_mix(key, node_word(draft, i) + node_word_at(draft, i));
    uint32_t *set = cache_index(cache, key);
    for (unsigned ways = index_ways(set, index_tag(key)); ways != 0; ways &= ways - 1) {
        const struct cache_node *node = index_node(cache, set[__builtin_ctz(ways)]);
        if (node->pc == 0 && memcmp(node, draft, sizeof draft) == 0)
            return node_name(cache, node);
    }
    uint32_t name = node_copy(cache, draft, sizeof draft);
    index_put(cache, key, name);
    return name;
}

/* The order of the first of a trace's words that a node does not have, PUT_SAME when it has all.
 * `word`: what the node has there. */
static uint8_t first_difference(const struct cache *cache, const struct cache_node *node,
                                const struct walk_trace *trace, uint32_t count, uintptr_t *word)
{
    for (uint32_t i = 0, in_node = 0; i < count; i++, in_node++) {
        if (in_node == cache_count(node)) {
            if (cache_outer(node) == 0)
                return PUT_SAME;
            node = cache_node(cache, cache_outer(node));
            in_node = 0;
        }
        if (node_word_at(node, in_node) != trace->words[i].at)
            return PUT_SAME;
        *word = node_word(node, in_node);
        if (*word != trace->words[i].word)
            return (uint8_t)i;
    }
    return PUT_SAME;
}

/* A node of the tree that shares with the trace all by which the tree is ordered, or any. */
static const struct cache_node *tree_likely(const struct cache *cache, uint32_t tree,
                                            const struct walk_trace *trace)
{
    const uint32_t none = (uint32_t)offsetof(struct cache, none);
    const struct cache_node *node = cache_node(cache, tree);
    while ((node->id & CACHE_BRANCH) != 0) {
        const struct cache_branch *branch = (const void *)node;
        uint32_t child = none;
        if (branch->order < trace->count)
            child = cache_child(branch, trace->words[branch->order].word);
        for (int i = 0; child == none && i < CACHE_CHILDREN; i++)
            child = branch->children[i];
        node = cache_node(cache, child);
    }
    return node;
}

static const uintptr_t *walk_frame(const struct walk *walk)
{
    return (const uintptr_t *)stacks_frame_of(&walk->entry);
}

/* A branch for two nodes or trees that differ by the word of this order. */
static uint32_t branch_make(struct cache *cache, const struct walk *walk, uint8_t order,
                            uintptr_t word, uint32_t there, uint32_t added)
{
    const struct walk_trace *trace = walk->trace;
    uintptr_t base = (uintptr_t)walk_frame(walk);
    struct cache_branch branch = {.pc = ~walk->entry.pc,
                                  .base = base,
                                  .distance =
                                      (uint16_t)((trace->words[order].at - base) / sizeof word),
                                  .order = order,
                                  .shift = (uint8_t)__builtin_ctzl(word ^ trace->words[order].word),
                                  .flags = CACHE_BRANCH | (trace->is_own ? 0 : CACHE_OTHER_STACK)};
    for (int i = 0; i < CACHE_CHILDREN; i++)
        branch.children[i] = (uint32_t)offsetof(struct cache, none);
    branch.children[word >> branch.shift & (CACHE_CHILDREN - 1)] = there;
    branch.children[trace->words[order].word >> branch.shift & (CACHE_CHILDREN - 1)] = added;
    return node_copy(cache, &branch, sizeof branch);
}

/* Adds a node for the first `count` words of the walk to a tree; returns the tree. Branches are
 * passed in the order of their words, so that what lies below one agrees in all words before. */
static uint32_t tree_add(struct cache *cache, uint32_t tree, uint32_t added,
                         const struct walk *walk, uint32_t count)
{
    const struct walk_trace *trace = walk->trace;
    uintptr_t word = 0;
    uint8_t order = first_difference(cache, tree_likely(cache, tree, trace), trace, count, &word);
    if (order != PUT_SAME &&
        (trace->words[order].at - (uintptr_t)walk_frame(walk)) / sizeof word > UINT16_MAX)
        order = PUT_SAME;
    uint32_t *link = &tree;
    for (;;) {
        struct cache_branch *branch = (void *)((char *)cache + *link);
        if ((branch->flags & CACHE_BRANCH) == 0 || branch->order > order)
            break;
        if (!trace->is_own)
            branch->flags |= CACHE_OTHER_STACK;
        uintptr_t bits = branch->order < trace->count ? trace->words[branch->order].word : 0;
        link = &branch->children[bits >> branch->shift & (CACHE_CHILDREN - 1)];
    }
    if (*link != offsetof(struct cache, none) && order != PUT_SAME)
        added = branch_make(cache, walk, order, word, *link, added);
    *link = added;
    return tree;
}

/* How many of the outermost words need no look: in the main thread those of frames that are there
 * as long as main; in others the return into clone, which calls one function from one place and
 * whose frame is there as long as the thread. */
static uint32_t words_settled(const struct cache *cache, const struct walk *walk)
{
    const struct walk_trace *trace = walk->trace;
    uint32_t settled = 0;
    if (!trace->is_own || !trace->ends_at_start)
        return 0;
    if (!cache->is_of_main)
        return trace->count > 1 &&
               trace->words[trace->count - 1].word == walk->pcs[walk->frames - 1];
    while (cache_self.main_frame != 0 && settled + 1 < trace->count &&
           trace->words[trace->count - 1 - settled].at >= cache_self.main_frame)
        settled++;
    return settled;
}

struct cache *cache_put(struct cache *cache, const struct walk *walk, uint32_t id)
{
    const struct walk_trace *trace = walk->trace;
    if (!trace->is_whole || trace->count == 0 || id == 0)
        return cache;
    struct last_walk *last = last_keep(&cache->last, walk) ? &cache->last : NULL;
    uint32_t settled = words_settled(cache, walk);
    uint32_t count = trace->count - settled;
    uint32_t outer_runs = (count - 1) / CACHE_RUN;
    uint32_t inner_words = count - outer_runs * CACHE_RUN;
    uint32_t flags =
        (trace->is_own ? 0 : CACHE_OTHER_STACK) | (trace->ends_nowhere ? CACHE_NOWHERE : 0);
    struct cache_node draft[CACHE_RUN / CACHE_LINE] = {
        {.pc = flags == 0 ? walk->entry.pc : ~walk->entry.pc,
         .base = (uintptr_t)walk_frame(walk),
         .id = id | flags}};
    if (cache->used + (outer_runs + 1) * sizeof draft + sizeof(struct cache_branch) >
        cache->bytes) {
        cache = cache_make_room(cache);
        last = NULL;
    }
    if (last != NULL && last->settled != settled) {
        last->settled = settled;
        last->run_count = 0;
    }
    for (uint32_t run = 0; run < outer_runs; run++) {
        if (last == NULL || run == last->run_count) {
            draft->outer = outer_keep(cache, trace, count - (run + 1) * CACHE_RUN, draft->outer);
            if (draft->outer == 0)
                return cache;
            if (last != NULL)
                last->runs[last->run_count++] = draft->outer;
        } else
            draft->outer = last->runs[run];
    }
    if (!node_fill(draft, trace, 0, inner_words))
        return cache;
    uint32_t key = cache_key(walk_frame(walk));
    uint32_t *way = cache_tree_in_index(cache, walk_frame(walk));
    uint32_t name = node_copy(cache, draft, node_lines(inner_words) * sizeof *draft);
    if (way == NULL) {
        index_put(cache, key, name);
    } else {
        name = tree_add(cache, node_name(cache, index_node(cache, *way)), name, walk, count);
        *way = index_entry(key, name);
    }
    cache_tree_put(cache, walk_frame(walk), name);
    return cache;
}
