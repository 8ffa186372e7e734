/*
 * What the threads of one flood share: roots and other ranges that are not yet read, some blocks
 * that are reached and not yet read, and the knowledge when all is done.
 *
 * Each thread floods on its own and comes here when it has nothing left; one that has much gives
 * when it sees that another waits. All is under one spin lock, held for the copying of at most 256
 * words: no futex, since nothing here waits long for anything but work.
 *
 * Runs in the snapshot, and in the program while the world is stopped: there, and wherever one
 * thread is enough, the crew has one member.
 */
#ifndef SEEP_MARK_CREW_H
#define SEEP_MARK_CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/pages.h"
#include "roots.h"

enum {
    CREW_MOST = 4, /* members: more were not tried */
    CREW_RANGES = 64,
    CREW_STARTS = 256,
    CREW_STARTS_TAKEN = 64,      /* at once */
    CREW_PIECE_BYTES = 256 << 10 /* of a range that is read in one go */
};

enum crew_kind {
    CREW_WORDS,
    CREW_CODE, /* pointers at any byte */
    CREW_BLOCK /* of a large block: only what was written counts */
};

struct crew_range {
    uintptr_t start;
    uintptr_t end;
    enum crew_kind kind;
};

/* What members see without the lock, perhaps late. */
enum crew_signs {
    CREW_HAS_WORK = 1,
    CREW_IS_HUNGRY = 2, /* somebody waits, and there are no blocks for him */
    CREW_IS_DONE = 4
};

/* Protected by `lock`. */
struct crew {
    const struct roots *roots; /* not written */
    uint32_t lock;
    uint32_t signs; /* set when the lock is dropped */
    uint32_t members;
    uint32_t idle; /* of them, waiting in crew_wait */
    bool is_done;
    size_t roots_taken;
    struct crew_range ranges[CREW_RANGES]; /* taken from the end, piece by piece */
    size_t range_count;
    uintptr_t starts[CREW_STARTS]; /* of blocks */
    size_t start_count;
    /* Of each member, written by it alone: blocks left to sweeps, less those it took in sweeps. */
    struct crew_pending {
        int64_t count;
    } __attribute__((aligned(64))) pending[CREW_MOST];
    int64_t pending_most; /* with more, a sweep pays */
};

/* The next piece of the ranges and roots. False when there is none. */
bool crew_take_range(struct crew *crew, struct crew_range *piece);
/* False when there is no room for it. */
bool crew_give_range(struct crew *crew, struct crew_range range);

/* Copies starts of blocks, CREW_STARTS_TAKEN at most, and returns how many. */
size_t crew_take_starts(struct crew *crew, uintptr_t *starts);
/* Takes some of `count`, from the first on, and returns how many. */
size_t crew_give_starts(struct crew *crew, const uintptr_t *starts, size_t count);

/* One member fewer: a thread could not be started. */
void crew_leave(struct crew *crew);

/* For a member that has nothing left. True when there may be something again; false when all
 * members have nothing left. */
bool crew_wait(struct crew *crew);

static inline bool crew_shows(const struct crew *crew, uint32_t signs)
{
    return (__atomic_load_n(&crew->signs, __ATOMIC_RELAXED) & signs) != 0;
}

/* True when so many blocks are left to sweeps that one pays. */
static inline bool crew_should_sweep(const struct crew *crew)
{
    int64_t pending = 0;
    for (size_t i = 0; i < CREW_MOST; i++)
        pending += __atomic_load_n(&crew->pending[i].count, __ATOMIC_RELAXED);
    return pending > crew->pending_most;
}

#endif
