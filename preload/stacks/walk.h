/*
 * The walk over the calling thread's stack, innermost frame first.
 *
 * Runs in program threads, also inside signal handlers; takes no lock, allocates nothing, never
 * faults. Nothing is guessed: where there is no call frame information the stack ends.
 */
#ifndef SEEP_STACKS_WALK_H
#define SEEP_STACKS_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "reach.h"
#include "stacks.h"
#include "steps.h"

enum { WALK_WORDS_MAX = 96 };

/* All that a walk depended on besides its entry and the modules: the words that it read and that
 * led it on, in an order in which each address follows from the entry and the words before it. A
 * frame pointer counts where a frame address was found by it, not where it was only passed on; the
 * entry's own is read where the wrapper pushed it. */
struct walk_word {
    uintptr_t at;
    uintptr_t word;
    uint16_t frame; /* of a return address: of how many frames it is the caller; 0: it is none */
    bool fp_counts; /* and whether the walk depends on the frame pointer with which it got there */
};

struct walk_trace {
    uint32_t count;
    bool is_whole;      /* false: there were more words, or it depended on something else */
    bool is_own;        /* all words lie in what is readable of the thread's own stack */
    bool ends_nowhere;  /* the last frame is outside of all modules */
    bool ends_at_start; /* the last frame has no caller */
    bool has_signal;    /* it went through a frame that a signal interrupted */
    struct reach reach;
    struct walk_word words[WALK_WORDS_MAX];
};

struct last_walk;

struct walk {
    struct stacks_entry entry;
    uint32_t depth;           /* room in `pcs` */
    uint32_t frames;          /* out */
    uint32_t flags;           /* out: LEAKFILE_STACK_… */
    uintptr_t *pcs;           /* out: to be named at pc - 1 */
    struct walk_trace *trace; /* out, or NULL */
    /* To take from, or NULL; only with a trace, and only what was walked by the same rules. */
    const struct last_walk *last;
    const struct walk_word *last_at; /* in `last`, where to look on; NULL at first */
    uint32_t taken_words;            /* out: the outermost ones, taken from `last` */
    uint32_t taken_frames;
};

/* Fills in what is out; there is always one frame at least. */
void walk_run(struct walk *walk);

#endif
