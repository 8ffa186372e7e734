/*
 * Since when blocks are unreached: told block by block, in order of addresses, and asked
 * afterwards.
 *
 * Runs in the snapshot. The list of this collection is written beside that of the one before, and
 * takes its place at the end: a snapshot that dies half-way leaves the old one whole.
 */
#ifndef SEEP_JUDGE_UNREACHED_H
#define SEEP_JUDGE_UNREACHED_H

#include "../mark/mark.h"
#include "history.h"

struct unreached {
    const struct history_request *request;
    struct history_unreached *lists; /* NULL: nothing is remembered */
    uint32_t old;                    /* which list is that of the collection before */
    size_t at;                       /* in the old list */
    bool old_is_valid;
};

void unreached_begin(struct unreached *unreached, const struct history_request *request);
/* The next block that is lost or possible, in order of addresses. */
void unreached_add(struct unreached *unreached, const struct blocks_found *found);
/* What is known of a block that was added. Valid until unreached_end. */
struct history_block unreached_find(const struct unreached *unreached, uintptr_t start);
/* Has the block been without a reference long enough to be lost? At the program's end any is: no
 * reference to it can come back. */
bool unreached_is_confirmed(const struct unreached *unreached, const struct history_block *block);
void unreached_end(struct unreached *unreached);

#endif
