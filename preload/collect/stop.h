/*
 * Stopping the world: every other thread of the process is parked, and its registers are known.
 *
 * stop_world and stop_resume run in the thread that collects, with all signals blocked, outside of
 * the shim's guard, while it holds no lock but the collection's. Between the two it must not wait
 * for anything that a parked thread may hold: no allocator, no loader, no stdio.
 *
 * A parked thread may free itself (park.h); stop_is_whole then says no.
 */
#ifndef SEEP_COLLECT_STOP_H
#define SEEP_COLLECT_STOP_H

#include <stdbool.h>
#include <stdint.h>

#include "../record/world.h"
#include "park.h"

/* Once, before threads. Returns 0 or a negative errno. */
int stop_start(struct park_settings settings);

/* Stops all threads but the caller. `world` gets them, with room for the caller behind them; valid
 * until the next stop. Returns 0, -ENOENT when /proc is missing, or -EAGAIN when there are more
 * threads than places; the number that did not answer is world->missed. */
int stop_world(struct world *world);

/* True while a thread that refused the stop before runs on with all signals blocked: no use in
 * stopping the others. */
bool stop_is_refused(void);

/* True when no thread freed itself, and none that slept woke, since stop_world. */
bool stop_is_whole(void);

/* True when every other thread is parked, and was all the time: none is missed, none asleep. */
bool stop_is_complete(void);

/* Lets them all go. */
void stop_resume(void);

/* In a forked child: forgets stops that were under way in the parent. */
void stop_after_fork(void);

#endif
