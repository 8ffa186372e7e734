/*
 * The graph of blocks that nothing reaches: nodes numbered in order of addresses; edges are read
 * from the blocks when asked for (rings.c keeps them).
 *
 * Blocks that a forked child inherited are no nodes: they are never its leaks.
 */
#ifndef SEEP_JUDGE_GRAPH_H
#define SEEP_JUDGE_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../mark/mark.h"
#include "../mark/sparse.h"

enum { GRAPH_NONE = UINT32_MAX };

struct graph_node {
    uintptr_t start;
    size_t bytes;
    uint32_t stack;
};

/* For one entry of the block index: which of its blocks are nodes, and how many nodes lie before.
 */
struct graph_map {
    uint64_t nodes;
    uint64_t rank;
};

struct graph {
    const struct blocks *blocks;
    struct graph_node *nodes;
    uint32_t count;
    struct graph_map *maps; /* BLOCKS_ENTRIES for each leaf of the index's storage */
    uint32_t stack_max;
    struct sparse *sparse; /* what of large blocks is read; set by the caller, NULL: all of it */
};

/* Returns 0 or -ENOMEM; graph_free in either case. `count`: blocks that will be nodes. */
int graph_build(struct graph *graph, const struct blocks *blocks, size_t count);
void graph_free(struct graph *graph);

/* True for a block that is a node. */
bool graph_takes(const struct blocks_found *found);

/* The next pointer of a node to another node, from the word at `*at` on, which begins at the
 * node's start; moves `*at` behind it. False when there is none. Between fault_begin and
 * fault_end. */
bool graph_next_edge(const struct graph *graph, uint32_t node, uintptr_t *at, uint32_t *target);

#endif
