/*
 * Tarjan's strongly connected components, without recursion: a lost list can be a million long.
 * Source: R. Tarjan, "Depth-first search and linear graph algorithms", 1972.
 */
#include "rings.h"

#include <errno.h>

#include "../base/pages.h"

/* A node whose edges are being looked at. */
struct rings_frame {
    uintptr_t at; /* the next word to look at */
    uint32_t node;
};

struct rings_search {
    struct rings *rings;
    const struct graph *graph;
    uint32_t *order; /* by node: when it was entered, 1 …; 0 not yet */
    uint32_t *low;   /* by node: the earliest entered node of its component that is known */
    uint32_t *open;  /* nodes that were entered and have no component yet */
    struct rings_frame *frames;
    uint32_t entered;
    uint32_t open_count;
    uint32_t depth;
};

static void rings_enter(struct rings_search *search, uint32_t node)
{
    search->order[node] = search->low[node] = ++search->entered;
    search->open[search->open_count++] = node;
    search->frames[search->depth++] = (struct rings_frame){search->graph->nodes[node].start, node};
}

/* Whether node `a` leads rather than `b`. Nodes are numbered by address. */
static bool rings_leads(const struct graph *graph, uint32_t a, uint32_t b)
{
    const struct graph_node *first = &graph->nodes[a];
    const struct graph_node *second = &graph->nodes[b];
    if (first->bytes != second->bytes)
        return first->bytes > second->bytes;
    return first->stack != second->stack ? first->stack < second->stack : a < b;
}

/* All open nodes down to `node` are one component. */
static void rings_close(struct rings_search *search, uint32_t node)
{
    struct rings *rings = search->rings;
    struct rings_component component = {.leader = node, .is_led_to = search->depth > 0};
    uint32_t member;
    do {
        member = search->open[--search->open_count];
        rings->component_of[member] = rings->count;
        component.members++;
        if (rings_leads(search->graph, member, component.leader))
            component.leader = member;
    } while (member != node);
    rings->components[rings->count++] = component;
}

static void rings_leave(struct rings_search *search)
{
    uint32_t node = search->frames[--search->depth].node;
    if (search->low[node] == search->order[node]) {
        rings_close(search, node);
        return;
    }
    uint32_t parent = search->frames[search->depth - 1].node;
    if (search->low[node] < search->low[parent])
        search->low[parent] = search->low[node];
}

static void rings_search_from(struct rings_search *search, uint32_t root)
{
    rings_enter(search, root);
    while (search->depth > 0) {
        struct rings_frame *frame = &search->frames[search->depth - 1];
        uint32_t node = frame->node;
        uint32_t target;
        if (!graph_next_edge(search->graph, node, &frame->at, &target)) {
            rings_leave(search);
            continue;
        }
        search->graph->nodes[node].has_edges = 1;
        if (search->order[target] == 0)
            rings_enter(search, target);
        else if (search->rings->component_of[target] != GRAPH_NONE)
            search->rings->components[search->rings->component_of[target]].is_led_to = true;
        else if (search->order[target] < search->low[node])
            search->low[node] = search->order[target];
    }
}

int rings_find(struct rings *rings, const struct graph *graph)
{
    size_t room = (size_t)graph->count + 1;
    *rings = (struct rings){.room = room};
    rings->components = pages_map(room * sizeof *rings->components);
    rings->component_of = pages_map(room * sizeof *rings->component_of);
    size_t bytes = room * (3 * sizeof(uint32_t) + sizeof(struct rings_frame));
    char *memory = pages_map(bytes);
    if (rings->components == NULL || rings->component_of == NULL || memory == NULL) {
        if (memory != NULL)
            pages_unmap(memory, bytes);
        return -ENOMEM;
    }
    struct rings_search search = {.rings = rings, .graph = graph};
    search.frames = (struct rings_frame *)memory; /* first: it has the strictest alignment */
    search.order = (uint32_t *)(search.frames + room);
    search.low = search.order + room;
    search.open = search.low + room;
    for (uint32_t node = 0; node < graph->count; node++)
        rings->component_of[node] = GRAPH_NONE;
    for (uint32_t node = 0; node < graph->count; node++)
        if (search.order[node] == 0)
            rings_search_from(&search, node);
    pages_unmap(memory, bytes);
    return 0;
}

void rings_free(struct rings *rings)
{
    if (rings->components != NULL)
        pages_unmap(rings->components, rings->room * sizeof *rings->components);
    if (rings->component_of != NULL)
        pages_unmap(rings->component_of, rings->room * sizeof *rings->component_of);
    *rings = (struct rings){0};
}
