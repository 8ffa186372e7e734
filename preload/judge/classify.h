/*
 * Who is to blame for an unreached block: it is lost itself, or hangs on one that is.
 */
#ifndef SEEP_JUDGE_CLASSIFY_H
#define SEEP_JUDGE_CLASSIFY_H

#include <stdint.h>

#include "graph.h"
#include "rings.h"

/* Told of each unreached block once: leaders first, each followed by what hangs on it. */
struct classify_visitor {
    void *data;
    void (*leader)(void *data, const struct graph_node *node, bool is_ring);
    void (*indirect)(void *data, const struct graph_node *node);
};

/* Leaders go by stack, then address: so blocks that hang on several are attributed the same way in
 * every run. Returns 0 or -ENOMEM. Between fault_begin and fault_end. */
int classify_blocks(const struct graph *graph, struct rings *rings,
                    const struct classify_visitor *visitor);

#endif
