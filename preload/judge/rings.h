/*
 * Rings: the strongly connected components of the graph of unreached blocks, and who leads each.
 */
#ifndef SEEP_JUDGE_RINGS_H
#define SEEP_JUDGE_RINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "graph.h"

struct rings_component {
    uint32_t leader;  /* its biggest block; of equals the one with the lowest stack, then address */
    uint32_t members; /* more than one: a ring */
    bool is_led_to;   /* by a block of another component */
};

enum {
    RINGS_CLOSED = 1 << 30, /* of a mark: the rest is the node's component */
    RINGS_TAKEN = 1 << 29,  /* of a mark: of classify.c */
    RINGS_NODES_MAX = RINGS_TAKEN
};

/* What following an edge needs of a node, small: a random graph has a cache miss for each. */
struct rings_node {
    uint32_t first; /* its first edge; the next node has the one behind its last */
    uint32_t
        mark; /* when it was entered, 1 …; 0 not yet; RINGS_CLOSED with its component at last */
};

struct rings {
    struct rings_component *components;
    uint32_t count;
    size_t room;
    struct rings_node *nodes; /* as the graph's, and one more */
    uint32_t *edges;          /* targets, by node, in the order of its words */
    size_t edge_count;
    size_t edge_room;
};

static inline uint32_t rings_component_of(const struct rings *rings, uint32_t node)
{
    return rings->nodes[node].mark & ~(uint32_t)(RINGS_CLOSED | RINGS_TAKEN);
}

/* Returns 0 or -ENOMEM; rings_free in either case. Between
 * fault_begin and fault_end. Linear in blocks and their words. */
int rings_find(struct rings *rings, const struct graph *graph);
void rings_free(struct rings *rings);

#endif
