/*
 * One collection, from the first signal to the frame in the file: the conductor.
 */
#ifndef SEEP_COLLECT_COLLECTION_H
#define SEEP_COLLECT_COLLECTION_H

#include <stdbool.h>

#include "../record/hooks.h"
#include "../write/section.h"

struct collection_request {
    enum leakfile_trigger trigger;
    bool is_last;
    struct hooks_frame frame; /* where the collecting thread's live stack begins; 0: here */
    struct section_exit ended;
};

/* Runs in the thread that collects, outside of the shim. With a last collection it returns when
 * the mark is done. Returns 0, or a negative errno when there was none. */
int collection_run(struct section *section, const struct collection_request *request);

/* In a forked child: a collection that was under way in the parent is none of ours. */
void collection_after_fork(void);

#endif
