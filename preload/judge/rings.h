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

/* Which component a node is in, the node says itself. */
struct rings {
    struct rings_component *components;
    uint32_t count;
    size_t room;
};

/* Fills in its part of the nodes too. Returns 0 or -ENOMEM; rings_free in either case. Between
 * fault_begin and fault_end. Linear in blocks and their words. */
int rings_find(struct rings *rings, const struct graph *graph);
void rings_free(struct rings *rings);

#endif
