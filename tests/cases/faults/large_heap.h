/*
 * A tree of half a million blocks, of which one eighth is lost and one eighth is held by a pointer
 * into the middle of its first block. At the end such a heap is marked by several threads where
 * processors are free: the rules of those who include this hide what else runs.
 */
#ifndef SEEP_TESTS_LARGE_HEAP_H
#define SEEP_TESTS_LARGE_HEAP_H

#include <sched.h>

#include "fault.h"

enum { LARGE_LEVELS = 19, LARGE_NODES = (1 << LARGE_LEVELS) - 1 };

struct large_node {
    void *unused;
    struct large_node *children[2];
    void *more[3];
};

struct large_node *large_root; /* not static: a compiler would drop what is never read */

static OWN_FRAME void large_make_tree(void)
{
    struct large_node **nodes = malloc(LARGE_NODES * sizeof *nodes);
    must(nodes != NULL);
    for (int i = 0; i < LARGE_NODES; i++) {
        nodes[i] = make_block(sizeof **nodes);
        if (i != 0)
            nodes[(i - 1) / 2]->children[(i - 1) % 2] = nodes[i];
    }
    large_root = nodes[0];
    free(nodes); /* so large that it is unmapped */
}

static inline int large_heap_main(void)
{
    cpu_set_t processors;
    if (sched_getaffinity(0, sizeof processors, &processors) != 0 || CPU_COUNT(&processors) < 2)
        return CANNOT_RUN_HERE;
    large_make_tree();
    struct large_node *left = large_root->children[0]->children[0];
    left->children[0] = NULL;
    left->children[1] = opaque(&left->children[1]->more[1]);
    scrub();
    puts("done");
    return FAULT_STATUS;
}

#endif
