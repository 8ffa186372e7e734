/*
 * Findings: blocks of one call path and one fate, folded.
 */
#ifndef SEEP_JUDGE_SITES_H
#define SEEP_JUDGE_SITES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../leakfile.h"

struct sites {
    struct leakfile_finding *findings;
    size_t count;
    size_t room;
    uint32_t *places; /* by stack and sort: finding + 1, or 0 */
    uint32_t stack_max;
};

/* Returns 0 or -ENOMEM; sites_free in either case. */
int sites_begin(struct sites *sites, uint32_t stack_max);
/* How many findings there can be. */
size_t sites_most(const struct sites *sites);
/* A number below sites_most for each finding that there can be. */
size_t sites_place(uint32_t stack, uint32_t kind, uint32_t flags);
/* The finding to add to; NULL when memory ended. Valid until the next call. */
struct leakfile_finding *sites_find(struct sites *sites, uint32_t stack, uint32_t kind,
                                    uint32_t flags);
/* Most bytes first, those that hang on it included; then by stack, kind and flags. */
void sites_sort(struct sites *sites);
void sites_free(struct sites *sites);

#endif
