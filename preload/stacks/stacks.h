/*
 * Where a block came from: the one door of stacks/.
 *
 * A wrapper of interpose/ hands in the frame that called it; out comes the id of the call path.
 * Runs in program threads, also inside signal handlers of the program and before main; never calls
 * malloc, stdio or the loader, takes no lock.
 */
#ifndef SEEP_STACKS_STACKS_H
#define SEEP_STACKS_STACKS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    STACKS_UNKNOWN = 0,    /* the id that stands for no call path */
    STACKS_DEPTH_MAX = 256 /* upper limit of the option `depth` */
};

/* The caller of a wrapper, as the wrapper found it at its entry. */
struct stacks_entry {
    uintptr_t pc; /* return address */
    uintptr_t sp; /* stack pointer behind the return address: the caller's, once we return */
    uintptr_t fp; /* the caller's frame pointer register */
};

/* What a wrapper is entered with stands where its frame begins: the caller's frame pointer, which
 * the wrapper pushed, and the return address. Both stay there as long as the wrapper runs. */
static inline struct stacks_entry stacks_entry_at(const uintptr_t *frame)
{
    return (struct stacks_entry){frame[1], (uintptr_t)(frame + 2), frame[0]};
}

static inline uintptr_t stacks_frame_of(const struct stacks_entry *entry)
{
    return entry->sp - 2 * sizeof(uintptr_t);
}

/* The frame and the entry of the function that this stands in; it must be compiled with a frame
 * pointer. */
#define STACKS_FRAME() ((const uintptr_t *)__builtin_frame_address(0))
#define STACKS_ENTRY() stacks_entry_at(STACKS_FRAME())

/* Once, before any capture, from the library's constructor or the first wrapper; single thread.
 * `depth`: frames to keep, 1 … STACKS_DEPTH_MAX. Returns false when there is no memory. */
bool stacks_start(unsigned depth);

/* In the thread that runs main, before and after it: the caller's frame and those further out stay
 * as they are in between, so that no capture needs to look at them. */
void stacks_main_begins(uintptr_t frame);
void stacks_main_returned(void);

/* In the child of a fork of any kind, in its single thread. */
void stacks_forked(void);

struct depot_stack;

/* For tests, NULL otherwise: is shown each call path with the entry it was captured from; `is_hit`
 * where the cache knew it and nothing was walked. Set before threads. */
typedef void stacks_verify_function(struct stacks_entry entry, const struct depot_stack *stack,
                                    bool is_hit);
extern stacks_verify_function *stacks_verify_hook;

/* The short way (capture.h) is not to be used by the calling thread any more, or again. */
void stacks_shut_short_way(bool is_shut);

/* The id of the call path that ends at `entry`; STACKS_UNKNOWN when nothing can be kept. */
uint32_t stacks_capture(struct stacks_entry entry);

/* The same without the cache, for a signal handler that may have interrupted a capture that did not
 * say so (capture.h). */
uint32_t stacks_capture_nested(struct stacks_entry entry);

#endif
