/*
 * Bytes that the program mapped itself: the `external` of the report.
 *
 * Runs in program threads; two atomic sums.
 */
#ifndef SEEP_RECORD_EXTERNAL_H
#define SEEP_RECORD_EXTERNAL_H

#include <stddef.h>
#include <stdint.h>

void external_mapped(size_t bytes);
void external_unmapped(size_t bytes);

/* Bytes mapped and not unmapped; 0 where more was unmapped (the loader's mappings) than mapped. */
uint64_t external_total(void);

#endif
