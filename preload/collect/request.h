/*
 * What is asked of a collection, and by which functions: data that the trigger and the conductor
 * share, so that the trigger need not know the conductor.
 */
#ifndef SEEP_COLLECT_REQUEST_H
#define SEEP_COLLECT_REQUEST_H

#include <stdbool.h>

#include "../record/hooks.h"
#include "../write/section.h"

struct collection_request {
    enum leakfile_trigger trigger;
    bool is_last;
    bool wait;                /* for the mark, also when it is not the last one */
    struct hooks_frame frame; /* where the collecting thread's live stack begins; 0: here */
    struct section_exit ended;
};

/* The conductor's two doors, see collection.h. */
struct collection_doors {
    int (*run)(struct section *section, const struct collection_request *request);
    bool (*reap)(struct section *section);
};

#endif
