/*
 * Baselines: the findings of an earlier run, as a sorted JSON text that belongs in a repository.
 */
#ifndef SEEP_REPORT_BASELINE_H
#define SEEP_REPORT_BASELINE_H

#include "../model.h"
#include "../problem.h"

/* Both fail with a negative errno and a line in `problem`. */
int baseline_load(struct arena *arena, const char *path, struct baseline *baseline,
                  struct problem *problem);
int baseline_save(struct arena *arena, const char *path, const struct baseline *baseline,
                  struct problem *problem);

/* All findings of the report that are not suppressed; what settles is left out. */
void baseline_take(struct report *report, struct baseline *baseline);

/* Marks findings that the baseline has, and lists its entries that no longer occur. A finding is
 * new when it is more than 10 % and more than one block above its entry. */
void baseline_apply(struct report *report, struct baseline *baseline);

/* By program, id, kind and bytes. */
int baseline_compare_entries(const void *a, const void *b);

#endif
