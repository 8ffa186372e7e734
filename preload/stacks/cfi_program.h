/*
 * The interpreter of call frame programs (DWARF 5, section 6.4.2): what a CIE and an FDE say about
 * one code address.
 *
 * Runs anywhere, also in signal handlers; takes no lock, allocates nothing, uses about 1 KB of
 * stack, touches no byte outside of the two programs.
 */
#ifndef SEEP_STACKS_CFI_PROGRAM_H
#define SEEP_STACKS_CFI_PROGRAM_H

#include "cfi.h"
#include "cfi_bytes.h"

struct cfi_program {
    struct cfi_bytes initial; /* the CIE's instructions */
    struct cfi_bytes body;    /* the FDE's instructions */
    uint64_t code_align;
    int64_t data_align;
    unsigned pointer_encoding;
    bool is_signal;     /* the CIE's augmentation has an S */
    uintptr_t data;     /* what DW_EH_PE_datarel counts from */
    uintptr_t pc_begin; /* first address of the FDE */
};

/* The row for `address`. A program that is cut or not understood gives CFI_NONE. */
struct cfi_row cfi_program_run(const struct cfi_program *program, uintptr_t address);

#endif
