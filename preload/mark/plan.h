/*
 * What the collectors of roots share while they prepare the sweep over the memory map.
 */
#ifndef SEEP_MARK_PLAN_H
#define SEEP_MARK_PLAN_H

#include "areas.h"
#include "roots.h"

struct plan {
    const struct roots_request *request;
    struct roots *roots;
    struct areas skips; /* no roots, whatever else they are: kind and thread mean nothing */
    struct areas kinds; /* of a known kind; never taken for heap */
    int error;
};

static inline void plan_skip(struct plan *plan, uintptr_t start, uintptr_t end)
{
    int error = areas_add(&plan->skips, (struct roots_range){start, end, ROOTS_MAPPING, -1});
    plan->error = error != 0 ? error : plan->error;
}

static inline void plan_kind(struct plan *plan, struct roots_range range)
{
    int error = areas_add(&plan->kinds, range);
    plan->error = error != 0 ? error : plan->error;
}

/* thread_roots.c: registers, bounds of stacks, TLS, ended threads. */
void plan_add_threads(struct plan *plan);
/* kernel_roots.c: what the kernel holds for the program. */
void plan_add_kernel(struct plan *plan);

#endif
