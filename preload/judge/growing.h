/*
 * Growing and settling sites: the blocks of each call path that are reached, by age, its series
 * carried on by one value, and the verdict.
 *
 * Runs in the snapshot, at periodic collections only. Lost blocks do not count: they are told as
 * lost, and a site of which everything is lost is not growing besides.
 */
#ifndef SEEP_JUDGE_GROWING_H
#define SEEP_JUDGE_GROWING_H

#include "judge.h"

struct growing_site {
    struct leakfile_total young; /* blocks that survived fewer than two collections */
    struct leakfile_total old;
};

struct growing {
    const struct history_request *request;
    struct growing_site *sites; /* by stack; NULL: this collection is not periodic */
    uint32_t stack_max;
};

/* Returns 0 or -ENOMEM; growing_free in either case. `stack_max`: of all blocks. */
int growing_begin(struct growing *growing, const struct history_request *request,
                  uint32_t stack_max);
/* A block that is reached, or possibly lost. */
void growing_add(struct growing *growing, const struct blocks_found *found);
/* After the last block: fills in `growths` and `warning` of the result. Returns 0 or -ENOMEM. */
int growing_judge(struct growing *growing, struct judge_result *result);
void growing_free(struct growing *growing);

#endif
