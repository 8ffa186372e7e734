/*
 * What case programs need to plant a leak that no compiler removes and no stale word hides.
 * Included by tests/cases/ only. Nothing here knows of Seep.
 */
#ifndef SEEP_TESTS_CLAIM_H
#define SEEP_TESTS_CLAIM_H

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A function that keeps a frame of its own at every level of optimization. */
#if defined(__clang__)
#define OWN_FRAME __attribute__((noinline, unused))
#else
#define OWN_FRAME __attribute__((noinline, noclone, noipa, unused))
#endif

/* The status that tells meson and run_case that this machine cannot run the case. */
#define CANNOT_RUN_HERE 77

/* What a thread is given when it shall hold the pointer; NULL when not. */
#define GIVEN ((void *)1)

/* A pointer whose bits are inverted is none. */
typedef uintptr_t hidden_pointer;

/* The same value, of which the compiler knows nothing. */
static inline void *opaque(void *pointer)
{
    __asm__ volatile("" : "+r"(pointer) : : "memory");
    return pointer;
}

static inline hidden_pointer hide(void *pointer)
{
    uintptr_t hidden = (uintptr_t)pointer;

    __asm__ volatile("not %0" : "+r"(hidden) : : "memory"); /* at once, not later */
    return hidden;
}

static inline void *reveal(hidden_pointer hidden)
{
    __asm__ volatile("not %0" : "+r"(hidden) : : "memory");
    return (void *)hidden;
}

/* Ends the program when something went wrong that is not the claim. */
static inline void must(bool holds)
{
    if (!holds)
        abort();
}

/* The call path of the blocks in most cases. Filled with zeros: memory that was freed before holds
 * pointers. */
static OWN_FRAME void *make_block(size_t bytes)
{
    void *block = opaque(calloc(1, bytes));
    must(block != NULL);
    return block;
}

/* Overwrites dead frames below its caller's and the registers that a call may change. Needs 6 KB of
 * stack. */
static OWN_FRAME void scrub(void)
{
    volatile char dead[6000];

    memset((char *)dead, 0, sizeof dead);
    __asm__ volatile("pxor %%xmm0, %%xmm0\n pxor %%xmm1, %%xmm1\n pxor %%xmm2, %%xmm2\n"
                     "pxor %%xmm3, %%xmm3\n pxor %%xmm4, %%xmm4\n pxor %%xmm5, %%xmm5\n"
                     "pxor %%xmm6, %%xmm6\n pxor %%xmm7, %%xmm7\n pxor %%xmm8, %%xmm8\n"
                     "xor %%eax, %%eax\n xor %%ecx, %%ecx\n xor %%edx, %%edx\n"
                     "xor %%esi, %%esi\n xor %%edi, %%edi\n xor %%r8d, %%r8d\n"
                     "xor %%r9d, %%r9d\n xor %%r10d, %%r10d\n xor %%r11d, %%r11d\n"
                     :
                     : "m"(dead)
                     : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "xmm0", "xmm1",
                       "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "memory");
}

static inline bool is_run(int argc, char **argv, const char *name)
{
    return argc > 1 && strcmp(argv[1], name) == 0;
}

static inline void wait_for(const volatile int *flag)
{
    while (*flag == 0)
        sched_yield();
}

#endif
