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

int graph_build(struct graph *graph, const struct blocks *blocks, size_t count)
{
    *graph = (struct graph){.blocks = blocks};
    if (count >= GRAPH_NONE)
        return -ENOMEM;
    graph->count = (uint32_t)count;
    graph->nodes = pages_map((count + 1) * sizeof *graph->nodes);
    graph->node_of = pages_map((blocks->count + 1) * sizeof *graph->node_of);
    if (graph->nodes == NULL || graph->node_of == NULL)
        return -ENOMEM;
    struct blocks_cursor cursor = {0};
    struct blocks_found found;
    uint32_t node = 0;
    while (node < count && blocks_next(blocks, &cursor, &found)) {
        if (!graph_takes(&found))
            continue;
        uint32_t stack = ledger_word_stack(found.word);
        graph->nodes[node++] = (struct graph_node){found.start, found.bytes, stack, 0};
        graph->node_of[blocks_number(&found)] = node;
        if (stack > graph->stack_max)
            graph->stack_max = stack;
    }
    return 0;
}

void graph_free(struct graph *graph)
{
    if (graph->nodes != NULL)
        pages_unmap(graph->nodes, ((size_t)graph->count + 1) * sizeof *graph->nodes);
    if (graph->node_of != NULL)
        pages_unmap(graph->node_of, (graph->blocks->count + 1) * sizeof *graph->node_of);
    *graph = (struct graph){0};
}

/* The node that a word leads to, or GRAPH_NONE. */
static uint32_t graph_target(const struct graph *graph, uint64_t word)
{
    struct blocks_found found;
    if (!flood_find(graph->blocks, word, &found))
        return GRAPH_NONE;
    return graph->node_of[blocks_number(&found)] - 1;
}

bool graph_next_edge(const struct graph *graph, uint32_t node, uintptr_t *at, uint32_t *target)
{
    uintptr_t low = graph->blocks->low;
    uintptr_t span = graph->blocks->high + 7 - low;
    uintptr_t end = graph->nodes[node].start + graph->nodes[node].bytes;
    while (*at + 8 <= end) {
        uint64_t word;
        if (!fault_read(*at, &word)) {
            *at = (*at | (PAGES_BYTES - 1)) + 1;
            continue;
        }
        *at += 8;
        if (word - low >= span)
            continue;
        *target = graph_target(graph, word);
        if (*target != GRAPH_NONE && *target != node)
            return true;
    }
    return false;
}
