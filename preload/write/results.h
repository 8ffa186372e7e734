/*
 * What one collection found, as records of its frame: only what the file does not have yet.
 *
 * Runs in the snapshot; called by section_collection.
 */
#ifndef SEEP_WRITE_RESULTS_H
#define SEEP_WRITE_RESULTS_H

#include "frame.h"
#include "section.h"

struct results {
    const struct leakfile_collection *collection;
    const struct judge_result *judged; /* NULL: the collection failed */
};

void results_add(struct section *section, struct frame *frame, const struct results *results);

#endif
