/* Leaders and what hangs on them; see classify.h. Linear in the number of blocks. */
#include "classify.h"

#include <errno.h>

#include "../base/pages.h"

enum { CLASSIFY_DIGIT_BITS = 12, CLASSIFY_DIGITS = 1 << CLASSIFY_DIGIT_BITS, CLASSIFY_FETCH = 8 };

struct classify {
    const struct graph *graph;
    struct rings *rings;
    const struct classify_visitor *visitor;
    uint32_t *leaders;
    uint32_t *sorted; /* the other half of the sort; then the work list */
    uint32_t leader_count;
};

/* Leaders of components that no other one leads to, by address. */
static void classify_find_leaders(struct classify *classify)
{
    const struct rings *rings = classify->rings;
    for (uint32_t node = 0; node < classify->graph->count; node++) {
        const struct rings_component *component =
            &rings->components[rings_component_of(rings, node)];
        if (component->leader == node && !component->is_led_to)
            classify->leaders[classify->leader_count++] = node;
    }
}

/* One pass of a radix sort by stack; keeps the order of equals. */
static void classify_sort_digit(struct classify *classify, unsigned shift)
{
    uint32_t places[CLASSIFY_DIGITS] = {0};
    const struct graph_node *nodes = classify->graph->nodes;
    for (uint32_t i = 0; i < classify->leader_count; i++)
        places[nodes[classify->leaders[i]].stack >> shift & (CLASSIFY_DIGITS - 1)]++;
    uint32_t at = 0;
    for (uint32_t i = 0; i < CLASSIFY_DIGITS; i++) {
        uint32_t here = places[i];
        places[i] = at;
        at += here;
    }
    for (uint32_t i = 0; i < classify->leader_count; i++) {
        uint32_t node = classify->leaders[i];
        classify->sorted[places[nodes[node].stack >> shift & (CLASSIFY_DIGITS - 1)]++] = node;
    }
    uint32_t *swap = classify->leaders;
    classify->leaders = classify->sorted;
    classify->sorted = swap;
}

/* Puts those targets of a node's edges on the work list that were not taken; returns its new end.
 * What is asked for here is needed soon, of several nodes at once. */
static uint32_t classify_take_targets(struct classify *classify, uint32_t node, uint32_t count)
{
    const struct graph *graph = classify->graph;
    struct rings_node *nodes = classify->rings->nodes;
    const uint32_t *edges = classify->rings->edges;
    uint32_t end = nodes[node + 1].first;
    for (uint32_t i = nodes[node].first; i < end && i < nodes[node].first + CLASSIFY_FETCH; i++)
        __builtin_prefetch(&nodes[edges[i]], 1);
    for (uint32_t i = nodes[node].first; i < end; i++) {
        uint32_t target = edges[i];
        if ((nodes[target].mark & RINGS_TAKEN) != 0)
            continue;
        nodes[target].mark |= RINGS_TAKEN;
        __builtin_prefetch(&graph->nodes[target]);
        __builtin_prefetch(&edges[nodes[target].first]);
        classify->sorted[count++] = target;
    }
    return count;
}

/* Takes all that `leader` leads to and that no earlier leader did. */
static void classify_follow(struct classify *classify, uint32_t leader)
{
    const struct classify_visitor *visitor = classify->visitor;
    uint32_t *work = classify->sorted;
    uint32_t count = 0;
    classify->rings->nodes[leader].mark |= RINGS_TAKEN;
    work[count++] = leader;
    while (count > 0) {
        uint32_t first = count - 1;
        count = classify_take_targets(classify, work[first], first);
        for (uint32_t i = first; i < count; i++)
            visitor->indirect(visitor->data, &classify->graph->nodes[work[i]]);
    }
}

int classify_blocks(const struct graph *graph, struct rings *rings,
                    const struct classify_visitor *visitor)
{
    size_t room = (size_t)graph->count + 1;
    size_t bytes = room * 2 * sizeof(uint32_t);
    uint32_t *memory = pages_map(bytes);
    if (memory == NULL)
        return -ENOMEM;
    struct classify classify = {.graph = graph,
                                .rings = rings,
                                .visitor = visitor,
                                .leaders = memory,
                                .sorted = memory + room};
    classify_find_leaders(&classify);
    classify_sort_digit(&classify, 0);
    classify_sort_digit(&classify, CLASSIFY_DIGIT_BITS);
    for (uint32_t i = 0; i < classify.leader_count; i++) {
        uint32_t node = classify.leaders[i];
        visitor->leader(visitor->data, &graph->nodes[node],
                        rings->components[rings_component_of(rings, node)].members > 1);
        classify_follow(&classify, node);
    }
    pages_unmap(memory, bytes);
    return 0;
}
