/*
 * What the program told us by seep.h or LeakSanitizer's interface: regions that are roots. That a
 * block is to be ignored is in its ledger word: a birth of 0, below every floor.
 *
 * annotations_add_root and annotations_remove_root run in program threads; the rest in the
 * snapshot, or with the world stopped.
 */
#ifndef SEEP_RECORD_ANNOTATIONS_H
#define SEEP_RECORD_ANNOTATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/pages.h"

enum { ANNOTATIONS_ROOTS = 1024 };

/* 0, -ENOSPC when there are too many, -ENOENT when there is no such region. */
int annotations_add_root(uintptr_t start, size_t bytes);
int annotations_remove_root(uintptr_t start, size_t bytes);

/* The n-th region; false behind the last one. */
bool annotations_root(size_t n, struct pages_range *range);

/* The block that starts at `start` is never a finding. 0 or -ENOENT. By the thread that owns the
 * block, as a free of it would be. */
int annotations_ignore(uintptr_t start);

/* True once a block was ignored, or allocated while its thread recorded nothing. */
bool annotations_has_ignored(void);
void annotations_note_ignored(void);

/* In a forked child. */
void annotations_after_fork(void);

#endif
