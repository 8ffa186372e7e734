/*
 * When to collect: as a garbage collector does, by allocation, and besides when a thread is about
 * to block.
 *
 * trigger_tick and trigger_idle run in program threads, outside of the shim, on warm paths: one
 * reading of the clock each. The thread that finds the time passed becomes the collecting one.
 */
#ifndef SEEP_COLLECT_TRIGGER_H
#define SEEP_COLLECT_TRIGGER_H

#include <stdbool.h>
#include <stdint.h>

#include "request.h"

/* Once, and in a forked child again: the first collection is due an interval from now. */
void trigger_start(struct section *section, struct collection_doors doors);

/* No collection but the last one from now on. */
void trigger_stop(void);

/* The calling thread allocated; THREAD_TICK allocations since the last time. */
void trigger_tick(void);

/* The calling thread is about to enter a call that may block. */
void trigger_idle(void);

/* This thread executes another program: waits for the snapshot under way and lets no other begin.
 * One that outlived the image would send SIGCHLD to the new program (the kernel does so to a parent
 * that executed meanwhile) and stay a zombie there. Does nothing in a vfork child. */
void trigger_hold(void);

/* The exec came back. */
void trigger_release(void);

/* A collection was asked for and cannot be made here: the next thread that allocates or blocks
 * makes it. */
void trigger_note(void);

/* A collection now, wherever this is called, also in a signal handler: `context` then, else NULL.
 * Waits for what it found when `wait`. Returns 0 or a negative errno. */
int trigger_now(const ucontext_t *context, bool wait);

#endif
