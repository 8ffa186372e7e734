/*
 * One guarded load on x86-64: a plain instruction whose address, with the address to go on at when
 * it faults, stands in the section seep_fault. Costs nothing while it does not fault.
 *
 * Source of the idea: the exception table of the Linux kernel.
 */
#ifndef SEEP_MARK_FAULT_X86_64_H
#define SEEP_MARK_FAULT_X86_64_H

#include <stdbool.h>
#include <stdint.h>

/* Both relative to the place of the field itself. */
struct fault_entry {
    int32_t fault;
    int32_t go_on;
};

/* Reads the word at `address` into `*word`; false when it cannot be read. What the caller itself
 * wrote there just before may be missed: the compiler does not know what is read. */
static inline __attribute__((always_inline)) bool fault_read(uintptr_t address, uint64_t *word)
{
    uint64_t value;
    __asm__ goto("1: movq (%1), %0\n"
                 ".pushsection seep_fault, \"a\", @progbits\n"
                 ".balign 4\n"
                 ".long 1b - .\n"
                 ".long %l[fault] - .\n"
                 ".popsection\n"
                 : "=r"(value)
                 : "r"(address)
                 :
                 : fault);
    *word = value;
    return true;
fault:
    return false;
}

#endif
