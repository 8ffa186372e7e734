/*
 * The reader of call frame information: how to get from a code address in a frame to the frame
 * that called it.
 *
 * Finds the module with glibc's _dl_find_object, which takes no lock, and reads the module's
 * .eh_frame_hdr and .eh_frame in memory. Runs in program threads, also inside signal handlers, and
 * in the snapshot; takes no lock, allocates nothing, and stays within the segment that holds the
 * tables whatever these contain. Costs some hundred nanoseconds: steps.h remembers the answers.
 */
#ifndef SEEP_STACKS_CFI_H
#define SEEP_STACKS_CFI_H

#include <stdbool.h>
#include <stdint.h>

enum cfi_kind {
    CFI_NONE,   /* nothing is known about this address, or it could not be understood */
    CFI_END,    /* the outermost frame: the return address is undefined */
    CFI_PLAIN,  /* the row below; the return address lies right below the frame address */
    CFI_SIGNAL, /* the return of a signal handler: registers are in the ucontext at sp */
    CFI_ODD     /* known, but of another form: see odd.h */
};

/* The canonical frame address (CFA): the caller's stack pointer once this frame has returned. */
enum cfi_cfa {
    CFI_CFA_SP,   /* sp + cfa_offset */
    CFI_CFA_FP,   /* fp + cfa_offset */
    CFI_CFA_AT_FP /* what lies at fp + cfa_offset: functions that realign their stack */
};

enum cfi_fp {
    CFI_FP_SAME,   /* the caller's frame pointer is still in its register */
    CFI_FP_AT_CFA, /* it was saved at CFA + fp_offset */
    CFI_FP_AT_FP   /* it was saved at fp + fp_offset */
};

struct cfi_row {
    enum cfi_kind kind;
    enum cfi_cfa cfa;
    enum cfi_fp fp;
    int32_t cfa_offset;
    int32_t fp_offset;
    bool is_lasting; /* true as long as no module is unloaded; false where there is no module */
};

/* The tables of one module, and the bounds within which they may be read. */
struct cfi_tables {
    uintptr_t header; /* .eh_frame_hdr */
    uintptr_t start;
    uintptr_t end;
};

/* The row for the instruction at `address`: for a return address pass the address before it. */
struct cfi_row cfi_find(uintptr_t address);

/* The same within given tables. */
struct cfi_row cfi_find_in(const struct cfi_tables *tables, uintptr_t address);

#endif
