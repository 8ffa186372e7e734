/* The walk by the step table; see walk.h. */
#include "walk.h"

#include "../leakfile.h"
#include "cfi_x86_64.h"
#include "last.h"
#include "odd.h"
#include "reach.h"
#include "steps.h"

/* The registers of a frame that are needed to leave it. */
struct frame {
    uintptr_t pc;
    uintptr_t sp;
    uintptr_t fp;
    bool is_exact; /* it was interrupted by a signal: pc is not behind a call */
    bool fp_is_traced;
    uintptr_t fp_at; /* where fp was read */
    struct reach reach;
};

static void trace_begin(struct walk *walk, const struct frame *frame)
{
    struct walk_trace *trace = walk->trace;
    if (trace == NULL)
        return;
    trace->count = 0;
    trace->is_whole = frame->reach.high != 0;
    trace->is_own = frame->reach.is_own;
    trace->ends_nowhere = false;
    trace->ends_at_start = false;
    trace->has_signal = false;
    trace->reach = frame->reach;
}

/* The walk depended on this word of the stack. */
static inline __attribute__((always_inline)) void trace_add(struct walk *walk, uintptr_t at,
                                                            uintptr_t word)
{
    struct walk_trace *trace = walk->trace;
    if (trace == NULL)
        return;
    if (trace->count == WALK_WORDS_MAX || at < stacks_frame_of(&walk->entry) ||
        at % sizeof word != 0) {
        trace->is_whole = false;
        return;
    }
    trace->is_own = trace->is_own && at < trace->reach.high;
    trace->words[trace->count++] = (struct walk_word){.at = at, .word = word};
}

/* The word added last is the return address with which the walk got to `frame`. */
static inline __attribute__((always_inline)) void trace_came_to(struct walk *walk,
                                                                const struct frame *frame)
{
    struct walk_trace *trace = walk->trace;
    if (trace == NULL || trace->count == 0)
        return;
    struct walk_word *word = &trace->words[trace->count - 1];
    word->frame = (uint16_t)walk->frames;
    word->fp_counts = frame->fp_is_traced;
}

/* The walk depended on the frame pointer. */
static void trace_fp(struct walk *walk, struct frame *frame)
{
    if (walk->trace == NULL || frame->fp_is_traced)
        return;
    frame->fp_is_traced = true;
    trace_add(walk, frame->fp_at, frame->fp);
}

/* The caller's stack pointer will be `cfa`. Where it does not rise, what is made of it depends on
 * what happens to be known of the stack. */
static void trace_cfa(struct walk *walk, const struct frame *frame, uintptr_t cfa)
{
    if (walk->trace != NULL && cfa <= frame->sp)
        walk->trace->is_whole = false;
}

/* The caller's stack pointer; 0 where it makes no sense. Within one stack it rises; functions that
 * run others on a stack of their own get back by their frame pointer, to anywhere. */
static uintptr_t frame_cfa(struct walk *walk, struct frame *frame, steps_rule rule)
{
    uintptr_t cfa = frame->sp + (uintptr_t)steps_cfa_offset(rule);
    if (steps_cfa(rule) != CFI_CFA_SP) {
        uintptr_t at = frame->fp + (uintptr_t)steps_cfa_offset(rule);
        trace_fp(walk, frame);
        cfa = at;
        if (steps_cfa(rule) == CFI_CFA_AT_FP) {
            if (!reach_read(&frame->reach, at, &cfa))
                return 0;
            trace_add(walk, at, cfa);
        }
        bool is_elsewhere = cfa < frame->reach.low || cfa > frame->reach.high;
        if (is_elsewhere && cfa % sizeof cfa == 0)
            return cfa;
    }
    return cfa > frame->sp && cfa % sizeof cfa == 0 ? cfa : 0;
}

/* Moves to the caller. Returns false where the stack cannot be followed. */
static bool frame_leave(struct walk *walk, struct frame *frame, steps_rule rule)
{
    uintptr_t cfa = frame_cfa(walk, frame, rule);
    if (cfa == 0)
        return false;
    trace_cfa(walk, frame, cfa);
    if (steps_fp(rule) != CFI_FP_SAME) {
        uintptr_t base = cfa;
        if (steps_fp(rule) == CFI_FP_AT_FP) {
            trace_fp(walk, frame);
            base = frame->fp;
        }
        frame->fp_at = base + (uintptr_t)steps_fp_offset(rule);
        frame->fp_is_traced = false;
        if (!reach_read(&frame->reach, frame->fp_at, &frame->fp))
            return false;
    }
    uintptr_t at = cfa + (uintptr_t)(intptr_t)CFI_RA_OFFSET;
    if (!reach_read(&frame->reach, at, &frame->pc))
        return false;
    trace_add(walk, at, frame->pc);
    trace_came_to(walk, frame);
    frame->sp = cfa;
    frame->is_exact = false;
    return true;
}

/* Moves from the return of a signal handler to the frame that the signal interrupted, which may be
 * on another stack. */
static bool frame_leave_signal(struct walk *walk, struct frame *frame)
{
    uintptr_t context = frame->sp;
    if (!reach_read(&frame->reach, context + CFI_SIGNAL_PC, &frame->pc) ||
        !reach_read(&frame->reach, context + CFI_SIGNAL_FP, &frame->fp) ||
        !reach_read(&frame->reach, context + CFI_SIGNAL_SP, &frame->sp))
        return false;
    trace_add(walk, context + CFI_SIGNAL_PC, frame->pc);
    trace_add(walk, context + CFI_SIGNAL_SP, frame->sp);
    if (walk->trace != NULL)
        walk->trace->has_signal = true;
    frame->fp_at = context + CFI_SIGNAL_FP;
    frame->fp_is_traced = false;
    frame->is_exact = true;
    frame->reach = reach_around(frame->sp);
    return true;
}

/* The walk ended early, at a frame with this rule. A path that goes on from a place without call
 * frame information is another one as soon as there is some. */
static void walk_end(struct walk *walk, const struct frame *frame, steps_rule rule)
{
    struct cfi_row row = {.kind = CFI_NONE};
    walk->flags |= LEAKFILE_STACK_NO_CFI;
    if (walk->trace == NULL)
        return;
    if (steps_kind(rule) == CFI_NONE)
        row = cfi_find(frame->pc - !frame->is_exact);
    else
        walk->trace->is_whole = false;
    walk->trace->ends_nowhere = !row.is_lasting;
}

/* Whether the rest is as it was in the last walk, and taken from there. */
static bool walk_takes_rest(struct walk *walk, const struct frame *frame)
{
    const struct walk_trace *trace = walk->trace;
    return walk->last->count != 0 && trace->is_whole && !frame->is_exact && !trace->has_signal &&
           last_take(walk, frame->fp_at);
}

void walk_run(struct walk *walk)
{
    struct frame frame = {.pc = walk->entry.pc,
                          .sp = walk->entry.sp,
                          .fp = walk->entry.fp,
                          .fp_at = stacks_frame_of(&walk->entry),
                          .reach = reach_around(walk->entry.sp)};
    bool by_table = steps_are_current();
    walk->flags = 0;
    walk->frames = 0;
    walk->last_at = NULL;
    walk->taken_words = 0;
    walk->taken_frames = 0;
    trace_begin(walk, &frame);
    for (;;) {
        walk->pcs[walk->frames++] = frame.pc + frame.is_exact;
        uintptr_t address = frame.pc - !frame.is_exact;
        steps_rule rule = by_table ? steps_find(address) : steps_find_alone(address);
        bool is_left = false;
        switch (steps_kind(rule)) {
        case CFI_PLAIN:
            is_left = frame_leave(walk, &frame, rule);
            break;
        case CFI_SIGNAL:
            is_left = frame_leave_signal(walk, &frame);
            break;
        case CFI_END:
            if (walk->trace != NULL)
                walk->trace->ends_at_start = true;
            return;
        case CFI_ODD:
            if (walk->trace != NULL)
                walk->trace->is_whole = false;
            if (odd_walk(walk))
                return;
            break;
        case CFI_NONE:
            break;
        }
        if (!is_left) {
            walk_end(walk, &frame, rule);
            return;
        }
        if (frame.pc == 0 || (walk->last != NULL && walk_takes_rest(walk, &frame)))
            return;
        if (walk->frames == walk->depth) {
            walk->flags |= LEAKFILE_STACK_CUT;
            return;
        }
    }
}
