/* The walk by libgcc; see odd.h. */
#include "odd.h"

#include <stddef.h>
#include <unwind.h>

#include "../leakfile.h"

struct odd {
    struct walk *walk;
    bool is_past_entry; /* our own frames are behind us */
    bool is_ended;      /* the outermost frame was reached */
};

static _Unwind_Reason_Code odd_start_cb(struct _Unwind_Context *context, void *data)
{
    (void)context;
    (void)data;
    return _URC_END_OF_STACK;
}

void odd_start(void)
{
    _Unwind_Backtrace(odd_start_cb, NULL);
}

/* One frame, innermost first. Its CFA, as libgcc has it here, is the stack pointer in it. */
static _Unwind_Reason_Code odd_frame_cb(struct _Unwind_Context *context, void *data)
{
    struct odd *odd = data;
    struct walk *walk = odd->walk;
    int is_exact = 0;
    uintptr_t pc = _Unwind_GetIPInfo(context, &is_exact);
    if (!odd->is_past_entry) {
        if (pc != walk->entry.pc || _Unwind_GetCFA(context) != walk->entry.sp)
            return _URC_NO_REASON;
        odd->is_past_entry = true;
        walk->frames = 0;
    }
    if (pc == 0) {
        odd->is_ended = true;
        return _URC_END_OF_STACK;
    }
    if (walk->frames == walk->depth) {
        walk->flags |= LEAKFILE_STACK_CUT;
        odd->is_ended = true;
        return _URC_END_OF_STACK;
    }
    walk->pcs[walk->frames++] = pc + (is_exact != 0);
    return _URC_NO_REASON;
}

bool odd_walk(struct walk *walk)
{
    struct odd odd = {.walk = walk};
    _Unwind_Backtrace(odd_frame_cb, &odd);
    if (!odd.is_past_entry)
        return false;
    walk->flags |= LEAKFILE_STACK_ODD;
    if (!odd.is_ended)
        walk->flags |= LEAKFILE_STACK_NO_CFI;
    return true;
}
