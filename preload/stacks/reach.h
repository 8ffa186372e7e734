/*
 * Reads words of the calling thread's stack without ever faulting.
 *
 * What is known to be readable of a thread's own stack is a range that ends at its top and grows
 * downwards: each page is asked about once, by a system call that has no effect. On any other
 * stack (coroutines, signal stacks) a second range grows upwards from where it was entered.
 * Runs in program threads, also inside signal handlers. At most one system call a page, none once
 * the pages are known.
 */
#ifndef SEEP_STACKS_REACH_H
#define SEEP_STACKS_REACH_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Readable memory, contiguous; empty when `high` is 0. */
struct reach {
    uintptr_t low;
    uintptr_t high;
    bool is_own; /* of the thread's own stack: stays readable as long as the thread runs */
};

/* What is known around the stack pointer `sp`. */
struct reach reach_around(uintptr_t sp);

bool reach_read_slow(uintptr_t address, uintptr_t *word);

/* Reads the word at `address`; false when it cannot be read. */
static inline bool reach_read(const struct reach *reach, uintptr_t address, uintptr_t *word)
{
    bool is_within = address - reach->low < reach->high - reach->low;
    if (__builtin_expect(!is_within || address % sizeof *word != 0, 0))
        return reach_read_slow(address, word);
    memcpy(word, (const void *)address, sizeof *word);
    return true;
}

#endif
