/*
 * Who holds the blocks of a call path: for each, up to a few ways from a root to a sample block.
 */
#ifndef SEEP_JUDGE_HOLDERS_H
#define SEEP_JUDGE_HOLDERS_H

#include <stdint.h>

#include "judge.h"

/* Fills in `holders` of the result from the words that the mark remembered; nothing to do when it
 * did not. `wanted`: by stack, not 0 for the call paths to look at; NULL for all. Between
 * fault_begin and fault_end. Returns 0 or -ENOMEM. */
int holders_find(const struct mark_result *mark, uint32_t stack_max, const uint8_t *wanted,
                 struct judge_result *result);

#endif
