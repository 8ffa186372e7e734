/*
 * The step table: for each code address that was ever walked through, how to get to its caller.
 *
 * One table per process, read and written without a lock, in program threads and their signal
 * handlers. What it does not have it asks cfi.h for. It grows with what is in it, up to 8 MB, and
 * is emptied when a module was unloaded.
 */
#ifndef SEEP_STACKS_STEPS_H
#define SEEP_STACKS_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "cfi.h"

/* A struct cfi_row in one word; never 0. */
typedef uint64_t steps_rule;

enum {
    STEPS_OFFSET_BITS = 28,
    STEPS_KIND_BITS = 3,
    STEPS_CFA_SHIFT = 3,
    STEPS_FP_SHIFT = 5,
    STEPS_CFA_OFFSET_SHIFT = 8,
    STEPS_FP_OFFSET_SHIFT = 36
};

static inline enum cfi_kind steps_kind(steps_rule rule)
{
    return (enum cfi_kind)((rule & ((1u << STEPS_KIND_BITS) - 1)) - 1);
}

static inline enum cfi_cfa steps_cfa(steps_rule rule)
{
    return (enum cfi_cfa)(rule >> STEPS_CFA_SHIFT & 3);
}

static inline enum cfi_fp steps_fp(steps_rule rule)
{
    return (enum cfi_fp)(rule >> STEPS_FP_SHIFT & 3);
}

static inline intptr_t steps_cfa_offset(steps_rule rule)
{
    return (int64_t)(rule << (64 - STEPS_CFA_OFFSET_SHIFT - STEPS_OFFSET_BITS)) >>
           (64 - STEPS_OFFSET_BITS);
}

static inline intptr_t steps_fp_offset(steps_rule rule)
{
    return (int64_t)rule >> STEPS_FP_OFFSET_SHIFT;
}

/* Once, single thread. Returns false when there is no memory. */
bool steps_start(void);

/* At the beginning of each walk: forgets everything when a module was unloaded since. False while
 * another thread is at that, or in dlclose: this walk must do without the table. */
bool steps_are_current(void);

/* The rule for the instruction at `address`: for a return address pass the address before it. */
steps_rule steps_find(uintptr_t address);
/* The same without the table. */
steps_rule steps_find_alone(uintptr_t address);

/* In the child of a fork: another thread of the parent may have been changing the table. */
void steps_forked(void);

/* How many addresses the table holds, about. */
uint32_t steps_count(void);

#endif
