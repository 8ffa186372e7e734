/*
 * What a thread does that is asked to stop: it notes its registers in its place of the table, says
 * so, and waits until the stop is over.
 *
 * The table is filled and emptied by stop.c. park_here and the signal's handler run in the
 * program's threads: raw system calls, errno untouched. A parked thread frees itself after twice
 * the timeout, for it may hold a loader or fork lock that somebody needs.
 */
#ifndef SEEP_COLLECT_PARK_H
#define SEEP_COLLECT_PARK_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "../record/world.h"
#include "threads.h"

enum {
    PARK_RED_ZONE = 128,
    PARK_PLACE_BITS = 16,
    PARK_PLACES = (1 << PARK_PLACE_BITS) - 1 /* and one for the caller */
};

enum park_answer {
    PARK_ASKED,
    PARK_PARKED,
    PARK_ASLEEP, /* in the kernel, and stays there if `sleep` says so afterwards */
    PARK_REFUSED,
    PARK_GONE
};

struct park_place {
    struct world_thread thread;
    uint32_t answer; /* enum park_answer; atomic */
    struct threads_sleep sleep;
};

struct park_settings {
    int signal;
    uint64_t timeout_ns;
    /* Another process sent the signal: it may have asked for something. Runs in the handler. */
    void (*asked)(const ucontext_t *context);
    /* The signal came, but neither from us nor from `seep collect`. Runs in the handler. */
    void (*foreign)(siginfo_t *info, ucontext_t *context);
};

enum { PARK_MARK = 0x5ee9 }; /* si_errno of what we send ourselves: others leave it 0 */

struct park {
    struct park_settings settings; /* set once by park_start */
    struct park_place *places;     /* stop.c's, changed between stops; written by parked threads */
    /* Atomic. */
    uint32_t missing; /* threads that were asked and have not answered; a futex word */
    uint32_t cloning; /* 1: nobody frees itself any more */
    uint32_t freed;   /* threads that freed themselves */
};
extern struct park park __attribute__((visibility("hidden")));

/* Once, before threads: installs the signal's handler. Returns 0 or a negative errno. */
int park_start(struct park_settings settings);

/* What the signal to a thread carries: the number of the stop and the thread's place. */
static inline uint32_t park_ticket(uint32_t stop, uint32_t place)
{
    return stop << PARK_PLACE_BITS | (place & ((1u << PARK_PLACE_BITS) - 1));
}

/* The signals that a thread blocks while it collects or is parked: all but those whose default
 * action is to be ignored, where the program left it so. The kernel drops such a one at once,
 * unless it is blocked: then it would wait, and wake another thread out of its call. */
uint64_t park_mask(void);

/* For hooks.park: the calling thread leaves the shim while a stop waits for it. */
void park_here(void);

/* Fills in a thread that a signal interrupted there: registers, live stack, signal stack. */
void park_fill_from_context(struct world_thread *thread, const ucontext_t *context);

#endif
