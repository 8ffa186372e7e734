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

/* Needs no memory of the caller's but these; all sized by graph->count. */
struct rings {
    struct rings_component *components;
    uint32_t count;
    uint32_t *component_of; /* by node */
    size_t room;
};

/* Also fills in `has_edges` of the nodes. Returns 0 or -ENOMEM; rings_free in either case. Between
 * fault_begin and fault_end. Linear in blocks and their words. */
int rings_find(struct rings *rings, const struct graph *graph);
void rings_free(struct rings *rings);

#endif
