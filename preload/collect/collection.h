/*
 * One collection, from the first signal to the frame in the file: the conductor.
 */
#ifndef SEEP_COLLECT_COLLECTION_H
#define SEEP_COLLECT_COLLECTION_H

#include <stdbool.h>

#include "../write/section.h"
#include "request.h"

/* Runs in the thread that collects, outside of the shim. A last collection first waits for a
 * snapshot that is still under way, and returns when its own mark is done. Returns 0, or a negative
 * errno when there was none. */
int collection_run(struct section *section, const struct collection_request *request);

/* Reaps the snapshot that collection_run left under way. False while it is not done. */
bool collection_reap(struct section *section);

/* How long the last collection stopped the program. */
uint64_t collection_pause_ns(const struct section *section);

/* In a forked child: a collection that was under way in the parent is none of ours. */
void collection_after_fork(void);

#endif
