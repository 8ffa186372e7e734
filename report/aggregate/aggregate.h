/*
 * From the model to a report: findings folded over processes, holders, reasons. The verdict comes
 * later, from gate/, when suppressions and the baseline are known. Called by the commands.
 */
#ifndef SEEP_REPORT_AGGREGATE_H
#define SEEP_REPORT_AGGREGATE_H

#include "../model.h"

/* `holders` is a pattern for functions whose reachable blocks are shown with their holders; NULL
 * takes the one that was recorded with each process. The report lives in the model's arena. */
struct report *aggregate_model(struct model *model, struct symbolizer *symbolizer,
                               const char *holders);

/* The row of a reason's code; one of its own for a code of a later version. Never NULL. */
const struct reason_words *reason_find_words(uint32_t code);

/* A copy of a call path without our own frames, without the allocator's wrappers at its inner end
 * and without what starts programs and threads at its outer end. */
struct path path_trim(struct arena *arena, const struct path *whole);

/* The value of a recorded option, or NULL. */
const char *process_option(const struct process *process, const char *name);

/* The last collection that has totals, or NULL. */
const struct leakfile_collection *process_last_collection(const struct process *process);

/* For a gate on growth: adds the reason TOO_SHORT where the rule has not had 2 * `growth` periodic
 * collections. */
void reasons_demand_growth(struct report *report);

/* Does one of the globs, parted by commas, match the name? As the options `only` and `skip`. */
bool glob_list_has(const char *globs, const char *name);

#endif
