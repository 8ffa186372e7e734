/* The graph of unreached blocks; see graph.h. */
#include "graph.h"

#include <errno.h>

#include "../base/pages.h"
#include "../mark/fault.h"
#include "../mark/flood.h"

bool graph_takes(const struct blocks_found *found)
{
    return mark_fate(found) == MARK_UNREACHED && !ledger_word_is_inherited(found->word);
}

static size_t graph_maps_bytes(const struct graph *graph)
{
    return graph->blocks->storage_count * BLOCKS_ENTRIES * sizeof *graph->maps;
}

/* The map that belongs to an entry of the index. */
static struct graph_map *graph_map_of(const struct graph *graph, const struct blocks_leaf *leaf,
                                      const struct blocks_entry *entry)
{
    size_t at = (size_t)(leaf - graph->blocks->storage) * BLOCKS_ENTRIES;
    return &graph->maps[at + (size_t)(entry - leaf->entries)];
}

int graph_build(struct graph *graph, const struct blocks *blocks, size_t count)
{
    *graph = (struct graph){.blocks = blocks};
    if (count >= GRAPH_NONE)
        return -ENOMEM;
    graph->count = (uint32_t)count;
    graph->nodes = pages_map((count + 1) * sizeof *graph->nodes);
    graph->maps = pages_map(graph_maps_bytes(graph));
    if (graph->nodes == NULL || graph->maps == NULL)
        return -ENOMEM;
    struct blocks_cursor cursor = {0};
    struct blocks_found found;
    uint32_t node = 0;
    while (node < count && blocks_next(blocks, &cursor, &found)) {
        if (!graph_takes(&found))
            continue;
        struct graph_map *map =
            graph_map_of(graph, blocks_leaf_of(blocks, found.start), found.entry);
        if (map->nodes == 0)
            map->rank = node;
        map->nodes |= found.bit;
        uint32_t stack = ledger_word_stack(found.word);
        graph->nodes[node++] =
            (struct graph_node){.start = found.start, .bytes = found.bytes, .stack = stack};
        if (stack > graph->stack_max)
            graph->stack_max = stack;
    }
    return 0;
}

void graph_free(struct graph *graph)
{
    if (graph->nodes != NULL)
        pages_unmap(graph->nodes, ((size_t)graph->count + 1) * sizeof *graph->nodes);
    if (graph->maps != NULL)
        pages_unmap(graph->maps, graph_maps_bytes(graph));
    *graph = (struct graph){0};
}

/* The node that a word leads to, or GRAPH_NONE. A word that is the start of a block, which most
 * are, needs no ledger word. */
static uint32_t graph_target(const struct graph *graph, uint64_t word)
{
    struct blocks_leaf *leaf = blocks_leaf_of(graph->blocks, word);
    if (leaf == NULL)
        return GRAPH_NONE;
    struct blocks_found found = {.entry = blocks_entry_of(leaf, word),
                                 .bit = 1ull << ledger_slot(word) % 64};
    if (!blocks_start_is(found.entry, found.bit, word)) {
        if (!flood_find(graph->blocks, word, &found))
            return GRAPH_NONE;
        leaf = blocks_leaf_of(graph->blocks, found.start);
    }
    const struct graph_map *map = graph_map_of(graph, leaf, found.entry);
    if ((map->nodes & found.bit) == 0)
        return GRAPH_NONE;
    return (uint32_t)map->rank + blocks_bits(map->nodes & (found.bit - 1));
}

/* The same as graph_next_edge, no further than `end`. */
static inline __attribute__((always_inline)) bool
graph_scan(const struct graph *graph, uint32_t node, uintptr_t *at, uintptr_t end, uint32_t *target)
{
    uintptr_t low = graph->blocks->low;
    uintptr_t span = graph->blocks->high + 7 - low;
    while (*at + 8 <= end) {
        uint64_t word;
        if (!fault_read(*at, &word)) {
            *at = (*at | (PAGES_BYTES - 1)) + 1;
            continue;
        }
        *at += 8;
        word &= graph->blocks->pointer_mask;
        if (word - low >= span)
            continue;
        *target = graph_target(graph, word);
        if (*target != GRAPH_NONE && *target != node)
            return true;
    }
    return false;
}

static bool graph_next_edge_of_large(const struct graph *graph, uint32_t node, uintptr_t *at,
                                     uint32_t *target)
{
    uintptr_t end = graph->nodes[node].start + graph->nodes[node].bytes;
    while (*at + 8 <= end) {
        struct pages_range part = sparse_next(graph->sparse, *at, end);
        *at = part.start;
        if (graph_scan(graph, node, at, part.end, target))
            return true;
        if (*at < part.end) /* less than a word is left */
            *at = part.end;
    }
    return false;
}

bool graph_next_edge(const struct graph *graph, uint32_t node, uintptr_t *at, uint32_t *target)
{
    size_t bytes = graph->nodes[node].bytes;
    if (__builtin_expect(bytes >= SPARSE_BYTES && graph->sparse != NULL, 0))
        return graph_next_edge_of_large(graph, node, at, target);
    return graph_scan(graph, node, at, graph->nodes[node].start + bytes, target);
}
