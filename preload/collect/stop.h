/*
 * Stopping the world: every other thread of the process is parked, and its registers are known.
 *
 * stop_world and stop_resume run in the thread that collects, with all signals blocked, outside of
 * the shim's guard, while it holds no lock but the collection's. Between the two it must not wait
 * for anything that a parked thread may hold: no allocator, no loader, no stdio.
 *
 * A parked thread frees itself after twice the timeout, for it may hold a loader or fork lock that
 * somebody needs; stop_is_whole then says no.
 */
#ifndef SEEP_COLLECT_STOP_H
#define SEEP_COLLECT_STOP_H

#include <stdbool.h>
#include <stdint.h>

#include "../record/world.h"

struct stop_settings {
    int signal;
    uint64_t timeout_ns;
    /* Another process sent the signal: it may have asked for something. Runs in the handler. */
    void (*asked)(const ucontext_t *context);
};

/* Once, before threads: installs the signal's handler. Returns 0 or a negative errno. */
int stop_start(struct stop_settings settings);

/* The signals that a thread blocks while it collects or is parked: all but those whose default
 * action is to be ignored, where the program left it so. The kernel drops such a one at once,
 * unless it is blocked: then it would wait, and wake another thread out of its call. */
uint64_t stop_mask(void);

/* Stops all threads but the caller. `world` gets them, with room for the caller behind them; valid
 * until the next stop. Returns 0, or -ENOENT when /proc is missing; the number that did not answer
 * is world->missed. */
int stop_world(struct world *world);

/* True when no thread freed itself, and none that slept woke, since stop_world. */
bool stop_is_whole(void);

/* Lets them all go. */
void stop_resume(void);

/* For hooks.park: the calling thread leaves the shim while a stop waits for it. */
void stop_park(void);

/* In a forked child: forgets stops that were under way in the parent. */
void stop_after_fork(void);

/* Fills in a thread that a signal interrupted there: registers, live stack, signal stack. */
void stop_fill_from_context(struct world_thread *thread, const ucontext_t *context);

#endif
