/*
 * What the programs of this folder share: they lose a block, live for a while, and say that they
 * are done. What goes wrong meanwhile is in the head of each, for inject.c, or its own doing.
 * Nothing here knows of Seep.
 */
#ifndef SEEP_TESTS_FAULT_H
#define SEEP_TESTS_FAULT_H

#include <errno.h>
#include <time.h>

#include "claim.h"

enum { FAULT_STATUS = 5 };

static inline double fault_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

/* Allocates and sleeps in turn. */
static OWN_FRAME void fault_live(int turns)
{
    for (int i = 0; i < turns; i++) {
        for (int k = 0; k < 200; k++)
            free(opaque(malloc(50)));
        usleep(2000);
    }
}

static OWN_FRAME void fault_lose(size_t bytes)
{
    make_block(bytes);
    scrub();
}

/* The usual program. */
static inline int fault_main(void)
{
    fault_lose(40);
    fault_live(60);
    puts("done");
    return FAULT_STATUS;
}

#endif
