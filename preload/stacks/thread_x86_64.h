/*
 * Where a thread's control block lies on x86-64: glibc puts it at the top of the stack that it
 * allocated for the thread, or that the program gave.
 *
 * Runs anywhere.
 */
#ifndef SEEP_STACKS_THREAD_X86_64_H
#define SEEP_STACKS_THREAD_X86_64_H

#include <stdint.h>

static inline uintptr_t thread_control_block(void)
{
    uintptr_t self;
    __asm__("movq %%fs:0, %0" : "=r"(self));
    return self;
}

#endif
