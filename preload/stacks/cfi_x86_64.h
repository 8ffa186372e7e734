/*
 * What call frame information means on x86-64: register numbers (System V ABI, figure 3.36), where
 * a call leaves the return address, and where the kernel keeps an interrupted thread's registers
 * as seen from the return of a signal handler (glibc's __restore_rt, at which the stack pointer
 * points to the ucontext).
 */
#ifndef SEEP_STACKS_CFI_X86_64_H
#define SEEP_STACKS_CFI_X86_64_H

#include <stddef.h>
#include <ucontext.h>

enum {
    CFI_REGISTER_FP = 6, /* rbp */
    CFI_REGISTER_SP = 7, /* rsp */
    CFI_REGISTER_RA = 16,

    CFI_RA_OFFSET = -8, /* of the return address, from the canonical frame address */

    CFI_SIGNAL_FP = offsetof(ucontext_t, uc_mcontext.gregs[REG_RBP]),
    CFI_SIGNAL_SP = offsetof(ucontext_t, uc_mcontext.gregs[REG_RSP]),
    CFI_SIGNAL_PC = offsetof(ucontext_t, uc_mcontext.gregs[REG_RIP])
};

#endif
