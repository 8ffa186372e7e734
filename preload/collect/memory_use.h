/*
 * Memory use in the four words of managed runtimes: rss, heapTotal, heapUsed, external.
 *
 * Runs in the snapshot; reads the program's /proc.
 */
#ifndef SEEP_COLLECT_MEMORY_USE_H
#define SEEP_COLLECT_MEMORY_USE_H

#include <stddef.h>

#include "../leakfile.h"

void memory_use_read(struct leakfile_collection *record, int program_pid);

/* Fills in what call paths have mapped; returns how many, up to `max`. */
size_t memory_use_externals(struct leakfile_external *externals, size_t max);

#endif
