/*
 * Tarjan's strongly connected components, without recursion: a lost list can be a million long.
 * The blocks are read once, in order of addresses, and their edges kept: read again at each step of
 * a search, in its order, each edge cost four cache misses in place of one.
 * Source: R. Tarjan, "Depth-first search and linear graph algorithms", 1972.
 */
#include "rings.h"

#include <errno.h>

#include "../base/pages.h"

enum { RINGS_FETCH = 8 }; /* members of a ring are fetched so far ahead */

/* A node whose edges are being looked at. */
struct rings_frame {
    uint32_t node;
    uint32_t at;  /* the next edge to look at */
    uint32_t low; /* the earliest entered node of its component so far */
};

struct rings_search {
    struct rings *rings;
    const struct graph *graph;
    uint32_t *open; /* nodes that were entered and have no component yet */
    struct rings_frame *frames;
    uint32_t entered;
    uint32_t open_count;
    uint32_t depth;
};

static int rings_add_edge(struct rings *rings, uint32_t target)
{
    if (rings->edge_count == rings->edge_room) {
        size_t room = 2 * rings->edge_room;
        uint32_t *edges = room <= UINT32_MAX ? pages_map(room * sizeof *edges) : NULL;
        if (edges == NULL)
            return -ENOMEM;
        for (size_t i = 0; i < rings->edge_count; i++)
            edges[i] = rings->edges[i];
        pages_unmap(rings->edges, rings->edge_room * sizeof *edges);
        rings->edges = edges;
        rings->edge_room = room;
    }
    rings->edges[rings->edge_count++] = target;
    return 0;
}

static int rings_read_edges(struct rings *rings, const struct graph *graph)
{
    for (uint32_t node = 0; node < graph->count; node++) {
        rings->nodes[node].first = (uint32_t)rings->edge_count;
        uintptr_t at = graph->nodes[node].start;
        uint32_t target;
        while (graph_next_edge(graph, node, &at, &target)) {
            int error = rings_add_edge(rings, target);
            if (error != 0)
                return error;
        }
    }
    rings->nodes[graph->count].first = (uint32_t)rings->edge_count;
    return 0;
}

static void rings_enter(struct rings_search *search, uint32_t node)
{
    struct rings *rings = search->rings;
    rings->nodes[node].mark = ++search->entered;
    search->open[search->open_count++] = node;
    uint32_t first = rings->nodes[node].first;
    search->frames[search->depth++] = (struct rings_frame){node, first, search->entered};
    uint32_t end = rings->nodes[node + 1].first;
    for (uint32_t i = first; i < end && i < first + RINGS_FETCH; i++)
        __builtin_prefetch(&rings->nodes[rings->edges[i]]);
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
        if (search->open_count >= RINGS_FETCH)
            __builtin_prefetch(
                &search->graph->nodes[search->open[search->open_count - RINGS_FETCH]]);
        rings->nodes[member].mark = rings->count | RINGS_CLOSED;
        component.members++;
        if (member != component.leader && rings_leads(search->graph, member, component.leader))
            component.leader = member;
    } while (member != node);
    rings->components[rings->count++] = component;
}

static void rings_leave(struct rings_search *search)
{
    const struct rings_frame *frame = &search->frames[--search->depth];
    if (frame->low == search->rings->nodes[frame->node].mark) {
        rings_close(search, frame->node);
        return;
    }
    struct rings_frame *parent = &search->frames[search->depth - 1];
    if (frame->low < parent->low)
        parent->low = frame->low;
}

static void rings_search_from(struct rings_search *search, uint32_t root)
{
    const struct rings *rings = search->rings;
    rings_enter(search, root);
    while (search->depth > 0) {
        struct rings_frame *frame = &search->frames[search->depth - 1];
        if (frame->at == rings->nodes[frame->node + 1].first) {
            rings_leave(search);
            continue;
        }
        uint32_t target = rings->edges[frame->at++];
        uint32_t mark = rings->nodes[target].mark;
        if (mark == 0)
            rings_enter(search, target);
        else if ((mark & RINGS_CLOSED) != 0)
            rings->components[mark & ~(uint32_t)RINGS_CLOSED].is_led_to = true;
        else if (mark < frame->low)
            frame->low = mark;
    }
}

static int rings_search_all(struct rings *rings, const struct graph *graph)
{
    size_t bytes = rings->room * (sizeof(uint32_t) + sizeof(struct rings_frame));
    char *memory = pages_map(bytes);
    if (memory == NULL)
        return -ENOMEM;
    struct rings_search search = {.rings = rings, .graph = graph};
    search.frames = (struct rings_frame *)memory;
    search.open = (uint32_t *)(search.frames + rings->room);
    for (uint32_t node = 0; node < graph->count; node++)
        if (rings->nodes[node].mark == 0)
            rings_search_from(&search, node);
    pages_unmap(memory, bytes);
    return 0;
}

int rings_find(struct rings *rings, const struct graph *graph)
{
    size_t room = (size_t)graph->count + 1;
    *rings = (struct rings){.room = room, .edge_room = room + PAGES_BYTES};
    if (room >= RINGS_NODES_MAX)
        return -ENOMEM;
    rings->components = pages_map(room * sizeof *rings->components);
    rings->nodes = pages_map(room * sizeof *rings->nodes);
    rings->edges = pages_map(rings->edge_room * sizeof *rings->edges);
    if (rings->components == NULL || rings->nodes == NULL || rings->edges == NULL)
        return -ENOMEM;
    int error = rings_read_edges(rings, graph);
    return error != 0 ? error : rings_search_all(rings, graph);
}

void rings_free(struct rings *rings)
{
    if (rings->components != NULL)
        pages_unmap(rings->components, rings->room * sizeof *rings->components);
    if (rings->nodes != NULL)
        pages_unmap(rings->nodes, rings->room * sizeof *rings->nodes);
    if (rings->edges != NULL)
        pages_unmap(rings->edges, rings->edge_room * sizeof *rings->edges);
    *rings = (struct rings){0};
}
