/*
 * A lock of one word, on a futex.
 *
 * For cold paths in program threads only. The holder must have all signals blocked or be sure that
 * no signal handler can want the same lock (see lock_hold), must not call out of the library, and
 * is never parked by a collection while it holds one, since it is inside the shim. In the snapshot
 * all locks are therefore free.
 *
 * Legal order, outermost first: collection, annotations, modules, pool, pages. The
 * lock of record/external.c is only tried.
 */
#ifndef SEEP_BASE_LOCK_H
#define SEEP_BASE_LOCK_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct lock {
    uint32_t word; /* 0 free, 1 taken, 2 taken and somebody waits; atomic */
};

/* What lock_hold saves: the caller's signal mask as the kernel keeps it (8 bytes). */
struct lock_hold {
    struct lock *lock;
    uint64_t mask;
};

void lock_take(struct lock *lock);
bool lock_try(struct lock *lock);
void lock_drop(struct lock *lock);

/* True in the snapshot, with all signals blocked and one thread but for helpers, which take no lock
 * (helper.h): locks are then none. Set once, by the snapshot in its own copy. */
extern bool lock_is_alone __attribute__((visibility("hidden")));

/* Blocks every signal of this thread and takes the lock; for locks that a signal handler may want
 * too, through malloc. lock_release undoes both. */
struct lock_hold lock_hold(struct lock *lock);
void lock_release(struct lock_hold *hold);
#define LOCK_HELD(lock)                                                                            \
    __attribute__((cleanup(lock_release), unused)) struct lock_hold held = lock_hold(lock)

#endif
