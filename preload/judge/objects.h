/*
 * Which blocks a finding consists of, for the option `objects`: told block by block, up to
 * JUDGE_OBJECTS of each finding, and handed out finding by finding at the end.
 *
 * Called by judge.c, under its conditions.
 */
#ifndef SEEP_JUDGE_OBJECTS_H
#define SEEP_JUDGE_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../leakfile.h"
#include "judge.h"
#include "sites.h"

struct objects {
    bool is_wanted;   /* without it nothing is kept, and every call succeeds */
    uint32_t *counts; /* by the place of the finding (sites.h) */
    size_t places;
    struct objects_item {
        struct leakfile_object object;
        size_t place;
    } * items;
    size_t count;
    size_t room;
};

/* Returns 0 or -ENOMEM; objects_free in either case. */
int objects_begin(struct objects *objects, bool is_wanted, const struct sites *sites);
/* Returns 0 or -ENOMEM. */
int objects_add(struct objects *objects, const struct leakfile_finding *finding,
                struct leakfile_object object);
/* Fills result->objects, which are as result->findings. Returns 0 or -ENOMEM. */
int objects_give(struct objects *objects, const struct sites *sites, struct judge_result *result);
void objects_free(struct objects *objects);

#endif
