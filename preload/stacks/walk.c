/* The walk by the step table; see walk.h. */
#include "walk.h"

#include "../leakfile.h"
#include "cfi_x86_64.h"
#include "odd.h"
#include "reach.h"
#include "steps.h"

/* The registers of a frame that are needed to leave it. */
struct frame {
    uintptr_t pc;
    uintptr_t sp;
    uintptr_t fp;
    bool is_exact; /* it was interrupted by a signal: pc is not behind a call */
    struct reach reach;
};

/* The caller's stack pointer; 0 where it makes no sense. Within one stack it rises; functions that
 * run others on a stack of their own get back by their frame pointer, to anywhere. */
static uintptr_t frame_cfa(const struct frame *frame, steps_rule rule)
{
    uintptr_t cfa = frame->sp + (uintptr_t)steps_cfa_offset(rule);
    if (steps_cfa(rule) != CFI_CFA_SP) {
        cfa = frame->fp + (uintptr_t)steps_cfa_offset(rule);
        if (steps_cfa(rule) == CFI_CFA_AT_FP && !reach_read(&frame->reach, cfa, &cfa))
            return 0;
        bool is_elsewhere = cfa < frame->reach.low || cfa > frame->reach.high;
        if (is_elsewhere && cfa % sizeof cfa == 0)
            return cfa;
    }
    return cfa > frame->sp && cfa % sizeof cfa == 0 ? cfa : 0;
}

/* Moves to the caller. Returns false where the stack cannot be followed. */
static bool frame_leave(struct frame *frame, steps_rule rule)
{
    uintptr_t cfa = frame_cfa(frame, rule);
    uintptr_t fp = frame->fp;
    if (cfa == 0)
        return false;
    if (steps_fp(rule) != CFI_FP_SAME) {
        uintptr_t base = steps_fp(rule) == CFI_FP_AT_CFA ? cfa : fp;
        if (!reach_read(&frame->reach, base + (uintptr_t)steps_fp_offset(rule), &fp))
            return false;
    }
    if (!reach_read(&frame->reach, cfa + (uintptr_t)(intptr_t)CFI_RA_OFFSET, &frame->pc))
        return false;
    frame->sp = cfa;
    frame->fp = fp;
    frame->is_exact = false;
    return true;
}

/* Moves from the return of a signal handler to the frame that the signal interrupted, which may be
 * on another stack. */
static bool frame_leave_signal(struct frame *frame)
{
    uintptr_t context = frame->sp;
    if (!reach_read(&frame->reach, context + CFI_SIGNAL_PC, &frame->pc) ||
        !reach_read(&frame->reach, context + CFI_SIGNAL_FP, &frame->fp) ||
        !reach_read(&frame->reach, context + CFI_SIGNAL_SP, &frame->sp))
        return false;
    frame->is_exact = true;
    frame->reach = reach_around(frame->sp);
    return true;
}

void walk_run(struct walk *walk)
{
    struct frame frame = {walk->entry.pc, walk->entry.sp, walk->entry.fp, false,
                          reach_around(walk->entry.sp)};
    steps_check();
    walk->flags = 0;
    walk->frames = 0;
    for (;;) {
        walk->pcs[walk->frames++] = frame.pc + frame.is_exact;
        steps_rule rule = steps_find(frame.pc - !frame.is_exact);
        bool is_left = true;
        switch (steps_kind(rule)) {
        case CFI_PLAIN:
            is_left = frame_leave(&frame, rule);
            break;
        case CFI_SIGNAL:
            is_left = frame_leave_signal(&frame);
            break;
        case CFI_END:
            return;
        case CFI_ODD:
            if (odd_walk(walk))
                return;
            is_left = false;
            break;
        case CFI_NONE:
            is_left = false;
            break;
        }
        if (!is_left) {
            walk->flags |= LEAKFILE_STACK_NO_CFI;
            return;
        }
        if (frame.pc == 0)
            return;
        if (walk->frames == walk->depth) {
            walk->flags |= LEAKFILE_STACK_CUT;
            return;
        }
    }
}
