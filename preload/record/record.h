/*
 * What is alive: the one door of record/ for interpose/.
 *
 * Runs in program threads on the path of every malloc and free: no lock, no call out, no system
 * call but on a thread's first entry and for a fresh 64 MiB of heap.
 */
#ifndef SEEP_RECORD_RECORD_H
#define SEEP_RECORD_RECORD_H

#include "ledger.h"
#include "thread.h"

/* By the long way a thread's first call comes. */
static inline void record_counted(struct thread_state *self, size_t bytes)
{
    thread_place_of(self);
    self->allocated_bytes += bytes;
}

/* The birth of what the thread allocates now. */
static inline uint32_t record_birth(const struct thread_state *self)
{
    return __builtin_expect(self->paused != 0, 0) ? (uint32_t)LEDGER_BIRTH_IGNORED
                                                  : ledger_birth_now();
}

/* The calling thread got `block` from the allocator. NULL and addresses that no allocator of ours
 * gives (not a multiple of 16) are ignored. */
static inline void record_allocated(struct thread_state *self, void *block, size_t bytes,
                                    uint32_t stack)
{
    uintptr_t start = (uintptr_t)block;
    if (__builtin_expect(start == 0 || (start & 15) != 0, 0))
        return;
    if (ledger_add(start, bytes, stack, record_birth(self)))
        record_counted(self, bytes);
}

enum { RECORD_SHORT_BYTES = 8192 }; /* largest block of the short way: two pages, or three */

/* The word of a block of the short way is made in three steps: of its size, with its call path, and
 * with where it starts. So only one register is kept over the calls in between. The thread leaves
 * the shim before the birth can change. */
static inline __attribute__((always_inline)) uint64_t record_word(size_t bytes)
{
    return bytes | ledger_birth_bits;
}

static inline __attribute__((always_inline)) uint64_t record_word_from(uint64_t word,
                                                                       uint32_t stack)
{
    word |= (uint64_t)stack << LEDGER_STACK_SHIFT;
    __asm__ volatile("" : "+r"(word)); /* what comes of it is made of it, not kept beside it */
    return word;
}

static inline __attribute__((always_inline)) size_t record_word_bytes(uint64_t word)
{
    __asm__ volatile("" : "+r"(word));
    return word & ((1u << LEDGER_SIZE_BITS) - 1);
}

/* Records it where all its pages are known, at most two. False, and nothing done, where they are
 * not. An address is not compared with the table's end: no allocator gives one beyond it. */
static inline __attribute__((always_inline)) bool
record_allocated_at_once(struct thread_state *self, void *block, uint64_t word)
{
    uintptr_t start = (uintptr_t)block;
    size_t bytes = record_word_bytes(word);
    struct ledger_leaf *leaf =
        __atomic_load_n(&ledger_leaves[ledger_leaf_index(start)], __ATOMIC_ACQUIRE);
    if (leaf == NULL || (start & 15) != 0 || !ledger_pages_are_set(leaf, start, bytes))
        return false;
    /* The bits below bit 4 are 0, the others leave the word. */
    word |= (uint64_t)start << LEDGER_OFFSET_SHIFT;
    __atomic_store_n(ledger_place(leaf, start), word, __ATOMIC_RELEASE);
    self->allocated_bytes += bytes;
    return true;
}

/* The calling thread is about to give `block` back. Returns its word, 0 when it is not recorded. */
static inline uint64_t record_freed(const void *block)
{
    return ledger_take((uintptr_t)block);
}

/* The same without a call. False, and nothing done, where no block is recorded: none that an
 * allocator gave shares its slot with another. */
static inline __attribute__((always_inline)) bool record_freed_at_once(const void *block)
{
    struct ledger_leaf *leaf = ledger_leaf_of((uintptr_t)block);
    if (leaf == NULL)
        return false;
    uint64_t *at = ledger_place(leaf, (uintptr_t)block);
    if (__atomic_load_n(at, __ATOMIC_RELAXED) == 0)
        return false;
    __atomic_store_n(at, 0, __ATOMIC_RELEASE);
    return true;
}

/* realloc moved what `word` stands for to `block`: a new size and call path, the same birth. */
static inline void record_moved(struct thread_state *self, void *block, size_t bytes,
                                uint32_t stack, uint64_t word)
{
    uintptr_t start = (uintptr_t)block;
    uint32_t birth = word != 0 ? ledger_word_birth(word) : record_birth(self);
    if ((start & 15) == 0 && ledger_add(start, bytes, stack, birth))
        record_counted(self, bytes);
}

/* realloc failed: the block is where it was. */
static inline void record_kept(void *block, uint64_t word)
{
    if (word != 0)
        ledger_put((uintptr_t)block, ledger_word_size(word), word);
}

/* The program asked how much of the block it may use: all of that is recorded from now on. */
static inline void record_widened(void *block, size_t usable_bytes)
{
    uint64_t word = ledger_word((uintptr_t)block);
    if (word == 0 || ledger_word_size(word) >= usable_bytes)
        return;
    uint64_t wider = ledger_word_make((uintptr_t)block, usable_bytes, ledger_word_stack(word),
                                      ledger_word_birth(word));
    ledger_put((uintptr_t)block, usable_bytes, wider);
}

#endif
