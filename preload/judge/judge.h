/*
 * The entry to judging: what do the unreached blocks mean?
 *
 * judge_run is called behind mark_run, in the same process and under the same conditions. Its
 * answer is in the terms of the leak file. What earlier collections found comes from the history
 * (history.h); without one the fields `confirmed`, `first_seen`, `last_reached` and `age_ns` of the
 * findings say "found by this collection, once".
 *
 * A block without a reference that is not confirmed yet (the option `confirm`) is counted as
 * reachable.
 */
#ifndef SEEP_JUDGE_JUDGE_H
#define SEEP_JUDGE_JUDGE_H

#include <stddef.h>
#include <stdint.h>

#include "../leakfile.h"
#include "../mark/mark.h"
#include "history.h"

enum {
    JUDGE_HOLDER_SAMPLES = 4, /* of a site */
    JUDGE_HOPS_MAX = 64,      /* of a holder; the nearest to the root are kept */
    JUDGE_NAME_BYTES = 256,
    JUDGE_OBJECTS = 1000 /* of a finding */
};

struct judge_holder {
    struct leakfile_holder fixed; /* `hops` and `name_bytes` say how much of the rest counts */
    const struct leakfile_hop *hops;
    const char *name;
};

/* Blocks of a finding, those that hang on it included. */
struct judge_objects {
    const struct leakfile_object *items;
    size_t count;
};

/* A site that is growing or settling. */
struct judge_growth {
    struct leakfile_growth fixed; /* `points` says how many count */
    struct leakfile_finding finding;
    uint64_t points[SERIES_RECENT];
};

/* Blocks that this process allocated itself; inherited ones are in no number. Where threads were
 * missed, what would be lost is possible. */
struct judge_result {
    struct leakfile_finding *findings; /* most bytes first, then by stack */
    size_t finding_count;
    struct judge_objects *objects; /* by finding; NULL where they are not asked for, or none is */
    struct leakfile_total lost;
    struct leakfile_total indirect;
    struct leakfile_total possible;
    struct leakfile_total reachable;
    struct leakfile_total recorded; /* the sum of the four */
    struct judge_holder *holders;   /* by stack, then sample; none without mark_options.holders */
    size_t holder_count;
    struct judge_growth *growths; /* none where the collection was not periodic */
    size_t growth_count;
    bool is_growth_judged;               /* it was periodic, and there is a history */
    struct leakfile_warning warning;     /* `collection` is 0 where there is none */
    struct leakfile_external *externals; /* filled in by the caller, for the writer */
    size_t external_count;
    struct judge_memory {
        void *start;
        size_t bytes;
    } memory[8]; /* what judge_finish gives back */
    size_t memory_count;
};

/* Returns 0 or -ENOMEM. `result` must be zeroed, and is to be given to judge_finish. `request`
 * NULL: no history, the last collection. */
int judge_run(const struct mark_result *mark, const struct history_request *request,
              struct judge_result *result);
void judge_finish(struct judge_result *result);

#endif
