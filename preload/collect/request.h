/*
 * What is asked of a collection, and by which functions: data that the trigger and the conductor
 * share, so that the trigger need not know the conductor.
 */
#ifndef SEEP_COLLECT_REQUEST_H
#define SEEP_COLLECT_REQUEST_H

#include <stdbool.h>

#include "../leakfile.h"
#include "../record/hooks.h"

struct section;

struct collection_request {
    enum leakfile_trigger trigger;
    bool is_last;
    bool wait;                        /* for the mark, also when it is not the last one */
    struct hooks_frame frame;         /* where the collecting thread's live stack begins; 0: here */
    const struct leakfile_end *ended; /* to be written with it, or NULL */
    const uint64_t
        *blocked; /* signals that the program blocks, where the caller blocked all; or NULL */
};

/* The conductor's doors, see collection.h. */
struct collection_doors {
    int (*run)(struct section *section, const struct collection_request *request);
    bool (*reap)(struct section *section);
    uint64_t (*pause_ns)(const struct section *section); /* of the last collection */
};

#endif
