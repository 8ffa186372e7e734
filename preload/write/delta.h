/*
 * What the leak file has of each finding, holder and mapping site, so that a collection adds only
 * what changed.
 *
 * Lives in pages shared between the program and its snapshots; written by one snapshot at a time.
 *
 * What changes in every collection, in a program with thousands of sites that runs for weeks, would
 * still fill a disk. So changes are paid for: each collection earns DELTA_EARNED bytes, and the
 * poorer the file is, the larger a change must be to be written (a quarter of a per cent while it
 * is rich, a half when it has nothing; what vanished and came back then waits too). The totals in
 * each COLLECTION are exact; the last collection and requested ones write every change. Lists of
 * blocks (the option `objects`) are long, so they are written while the file is rich only: they
 * never take the half of it that is for the rest.
 */
#ifndef SEEP_WRITE_DELTA_H
#define SEEP_WRITE_DELTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../leakfile.h"

enum {
    DELTA_ENTRIES = 1 << 18,
    DELTA_SLOTS = 1 << 19, /* a power of two */
    DELTA_EARNED = 256,    /* bytes a collection; beside the COLLECTION record itself */
    DELTA_SAVED = 8 << 20  /* bytes at the beginning, and at most */
};

/* Keys besides findings: `kind` of what is no finding. */
enum { DELTA_KIND_HOLDER = 0x100, DELTA_KIND_EXTERNAL = 0x200, DELTA_KIND_OBJECTS = 0x300 };

struct delta_entry {
    struct leakfile_finding finding; /* as the file has it */
    uint32_t met;                    /* number of the round in which it was last there */
    uint32_t reserved;
};

struct delta {
    uint32_t round;
    uint32_t count;
    int64_t saved_bytes;
    bool is_exact;               /* this round writes every change */
    bool is_whole_growth;        /* this round judged growth: findings of these kinds may vanish */
    bool is_whole_rest;          /* the same for all others */
    uint32_t slots[DELTA_SLOTS]; /* entry + 1, or 0 */
    struct delta_entry entries[DELTA_ENTRIES];
};

/* In the program. NULL when there is no memory. */
struct delta *delta_map(void);
void delta_unmap(struct delta *delta);

/* The file has nothing (it is new, or what was written last is doubtful). */
void delta_forget(struct delta *delta);

struct delta_round {
    bool is_exact;
    bool has_findings; /* lost and possible ones are told in this round, all that there are */
    bool has_growth;
};
void delta_begin(struct delta *delta, struct delta_round round);
/* True when the finding is to be written, which costs `bytes`; takes it as written then. Without a
 * delta (NULL) everything is. */
bool delta_wants(struct delta *delta, const struct leakfile_finding *finding, size_t bytes);
/* The next finding that the file has and that is no more, from entry `*at` on, moved behind it:
 * to be written with `blocks` 0. */
bool delta_next_gone(struct delta *delta, uint32_t *at, struct leakfile_finding *gone);

#endif
