/*
 * Memory that the program mapped itself, the `external` of the report: its sum, and which call path
 * mapped how much.
 *
 * external_mapped and external_unmapped run in program threads, inside the shim, beside a system
 * call that takes longer. Of the mappings the first EXTERNAL_MAPPINGS that exist at a time are kept
 * one by one; all count in the sum. The readers run in the snapshot.
 */
#ifndef SEEP_RECORD_EXTERNAL_H
#define SEEP_RECORD_EXTERNAL_H

#include <stddef.h>
#include <stdint.h>

enum { EXTERNAL_MAPPINGS = 2048 };

struct external_sum {
    uint64_t bytes;
    uint64_t mappings;
};

void external_mapped(uintptr_t start, size_t bytes, uint32_t stack);
/* Any part of one or more mappings. */
void external_unmapped(uintptr_t start, size_t bytes);

/* In a forked child. */
void external_after_fork(void);

/* Bytes mapped and not unmapped; 0 where more was unmapped (the loader's mappings) than mapped. */
uint64_t external_total(void);

/* Calls `each` once for every call path that holds mappings. In the snapshot, or with
 * the world stopped. */
void external_each(void (*each)(void *argument, uint32_t stack, struct external_sum sum),
                   void *argument);

#endif
