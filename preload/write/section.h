/*
 * The section of this process in the leak report file: what is written when.
 *
 *     start       PROCESS, OPTION …
 *     collection  MODULE …, STACK …, FINDING …, HOLDER …, REASON …, COLLECTION, and at the end END
 *     note        CHILD, END: execs and spawns
 *
 * The state that lasts from one snapshot to the next is `struct section_shared`, in pages shared
 * between the program and its snapshots; only one of them writes it at a time.
 */
#ifndef SEEP_WRITE_SECTION_H
#define SEEP_WRITE_SECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "../judge/judge.h"
#include "../leakfile.h"
#include "delta.h"
#include "file.h"

struct section_shared {
    uint32_t sequence;           /* of the next frame; atomic, forked children take numbers too */
    uint32_t modules_written;    /* modules with a lower id are in the file … */
    uint32_t modules_generation; /* … as of this generation */
    uint32_t reasons;            /* a bit a code: noted, by the program or a snapshot; atomic */
    uint32_t reasons_written;
    uint32_t collections;
    uint64_t pause_ns; /* of the collection under way, set by the program when it is over; atomic */
    uint64_t clone_ns;
    struct leakfile_collection last; /* of the last collection that did not fail */
    uint64_t finding_count;
    uint64_t growth_count; /* sites that are growing or settling */
    uint32_t is_writing;   /* what is noted as written may not be: a frame is on its way */
    uint32_t write_error;  /* errno of a collection that could not be written, else 0 */
    uint32_t has_warning;  /* `warning` is to be told on standard error; atomic */
    struct leakfile_warning warning;
    uint32_t is_named; /* atomic; the rest of the file is known: each snapshot opens it anew if need
                          be */
    char name[256];
    uint64_t device;
    uint64_t inode;
    uint8_t stacks_written[(1u << 24) / 8];
};

/* Notes of a forked child go to the section of the image that it was forked from, since it may have
 * none of its own: the descriptor and the sequence numbers are shared. */
struct section_note_place {
    int fd; /* -1: opened for each note */
    uint32_t pid;
    char path[FILE_PATH_BYTES + 256];
    uint64_t device;
    uint64_t inode;
    uint32_t *sequence;
    uint64_t started_ns;
};

struct section {
    struct file file;
    struct section_shared *shared; /* NULL: recording without a section */
    void *history_kept;            /* the first page of each of the next, or NULL */
    void *delta_kept;
    struct history *history; /* what judging remembers; NULL but for a collection's duration */
    struct delta *delta;     /* what the file has; the same */
    bool has_begun;          /* PROCESS is in the file */
    uint64_t started_ns;     /* clock_now_ns */
    uint64_t started_wall_ns;
    const char *options_text;
    const char *program; /* its name */
    bool is_forked;
    struct section_note_place notes; /* where execs and spawns are noted */
};

/* Opens the file and writes the first frame. Returns 0 or a negative errno. Where a descriptor
 * would be one that the program lacks, the file is closed again, or, if it has no name yet, left to
 * the first snapshot that has something to say. */
int section_begin(struct section *section, bool shared_page);

/* In the program: opens the page through which it is asked, of the file that a snapshot of it
 * began, else of a new one. Returns 0 or a negative errno. */
int section_open_page(struct section *section);

/* In the program, with the world stopped, before a collection that is not the only one: makes what
 * judging and writing remember, where that is not done. It is large and the program's address space
 * may be limited (`ulimit -v`): only its first page stays mapped. */
void section_prepare(struct section *section);

/* In the snapshot, or in place: maps it whole, for one collection. Without memory nothing is
 * remembered, and the reason is noted. */
void section_recollect(struct section *section);
void section_put_away(struct section *section);

/* In a forked child: it remembers nothing of its parent. */
void section_abandon(struct section *section);

/* Notes why something is missing; it is written with the next frame. Any thread. */
void section_reason(struct section *section, enum leakfile_reason_code code);

/* In the snapshot: writes what one collection found, and names the file if that is something to
 * say. `result` may be NULL for a failed collection. Returns 0 or a negative errno. */
int section_collection(struct section *section, struct leakfile_collection *collection,
                       const struct judge_result *result, const struct leakfile_end *ended);

/* In the program: writes the END of a section that gets no last collection. */
void section_end(struct section *section, const struct leakfile_end *ended);

/* Appends a CHILD record and, for an exec of this very process, its END. Safe in a vfork child and
 * in signal handlers: one write from the stack. */
void section_note_child(struct section *section, enum leakfile_child_kind kind, int pid,
                        const char *path);

#endif
