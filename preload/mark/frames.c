/* The walk; see frames.h. */
#include "frames.h"

#include "../stacks/cfi.h"
#include "../stacks/cfi_x86_64.h"
#include "fault.h"

/* What is needed of a frame to leave it. */
struct frames_at {
    uintptr_t pc;
    uintptr_t sp;
    uintptr_t fp;
    bool is_exact; /* it was interrupted by a signal: pc is not behind a call */
};

static bool frames_leave(struct frames_at *at, const struct cfi_row *row)
{
    uint64_t cfa = at->sp + (uintptr_t)(intptr_t)row->cfa_offset;
    uint64_t fp = at->fp;
    uint64_t pc;
    if (row->cfa != CFI_CFA_SP)
        cfa = at->fp + (uintptr_t)(intptr_t)row->cfa_offset;
    if (row->cfa == CFI_CFA_AT_FP && !fault_read(cfa, &cfa))
        return false;
    uintptr_t base = row->fp == CFI_FP_AT_FP ? at->fp : cfa;
    if (row->fp != CFI_FP_SAME && !fault_read(base + (uintptr_t)(intptr_t)row->fp_offset, &fp))
        return false;
    if (cfa % sizeof cfa != 0 || !fault_read(cfa + (uintptr_t)(intptr_t)CFI_RA_OFFSET, &pc))
        return false;
    *at = (struct frames_at){pc, cfa, fp, false};
    return true;
}

static bool frames_leave_signal(struct frames_at *at)
{
    uint64_t pc, fp, sp;
    if (!fault_read(at->sp + CFI_SIGNAL_PC, &pc) || !fault_read(at->sp + CFI_SIGNAL_FP, &fp) ||
        !fault_read(at->sp + CFI_SIGNAL_SP, &sp))
        return false;
    *at = (struct frames_at){pc, sp, fp, true};
    return true;
}

size_t frames_walk(const struct world_thread *thread, struct unwind_frame *frames, size_t max)
{
    struct frames_at at = {.pc = thread->registers[CFI_REGISTER_RA],
                           .sp = thread->registers[CFI_REGISTER_SP],
                           .fp = thread->registers[CFI_REGISTER_FP],
                           .is_exact = thread->state == WORLD_SIGNALLED};
    size_t count = 0;
    while (count < max && at.pc != 0) {
        frames[count++] = (struct unwind_frame){at.sp, at.pc + at.is_exact};
        struct cfi_row row = cfi_find(at.pc - !at.is_exact);
        bool is_left = row.kind == CFI_PLAIN    ? frames_leave(&at, &row)
                       : row.kind == CFI_SIGNAL ? frames_leave_signal(&at)
                                                : false;
        if (!is_left)
            break;
    }
    return count;
}
