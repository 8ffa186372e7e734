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
    struct graph_node *nodes;
    uint32_t *open; /* nodes that were entered and have no component yet */
    struct rings_frame *frames;
    uint32_t entered;
    uint32_t open_count;
    uint32_t depth;
};

static void rings_enter(struct rings_search *search, uint32_t node)
{
    search->nodes[node].order = search->nodes[node].low = ++search->entered;
    search->open[search->open_count++] = node;
    search->frames[search->depth++] = (struct rings_frame){search->nodes[node].start, node};
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
        search->nodes[member].component = rings->count;
        component.members++;
        if (rings_leads(search->graph, member, component.leader))
            component.leader = member;
    } while (member != node);
    rings->components[rings->count++] = component;
}

static void rings_leave(struct rings_search *search)
{
    uint32_t node = search->frames[--search->depth].node;
    uint32_t low = search->nodes[node].low;
    if (low == search->nodes[node].order) {
        rings_close(search, node);
        return;
    }
    struct graph_node *parent = &search->nodes[search->frames[search->depth - 1].node];
    if (low < parent->low)
        parent->low = low;
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
        const struct graph_node *next = &search->nodes[target];
        search->nodes[node].has_edges = 1;
        if (next->order == 0)
            rings_enter(search, target);
        else if (next->component != GRAPH_NONE)
            search->rings->components[next->component].is_led_to = true;
        else if (next->order < search->nodes[node].low)
            search->nodes[node].low = next->order;
    }
}

int rings_find(struct rings *rings, const struct graph *graph)
{
    size_t room = (size_t)graph->count + 1;
    *rings = (struct rings){.room = room};
    rings->components = pages_map(room * sizeof *rings->components);
    size_t bytes = room * (sizeof(uint32_t) + sizeof(struct rings_frame));
    char *memory = pages_map(bytes);
    if (rings->components == NULL || memory == NULL) {
        if (memory != NULL)
            pages_unmap(memory, bytes);
        return -ENOMEM;
    }
    struct rings_search search = {.rings = rings, .graph = graph, .nodes = graph->nodes};
    search.frames = (struct rings_frame *)memory; /* first: it has the strictest alignment */
    search.open = (uint32_t *)(search.frames + room);
    for (uint32_t node = 0; node < graph->count; node++)
        if (search.nodes[node].order == 0)
            rings_search_from(&search, node);
    pages_unmap(memory, bytes);
    return 0;
}

void rings_free(struct rings *rings)
{
    if (rings->components != NULL)
        pages_unmap(rings->components, rings->room * sizeof *rings->components);
    *rings = (struct rings){0};
}
