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

static inline void record_counted_in(struct thread_state *self, size_t bytes)
{
    thread_place_of(self)->allocated_bytes += bytes;
}

static inline void record_counted_out(struct thread_state *self, size_t bytes)
{
    thread_place_of(self)->freed_bytes += bytes;
}

/* The birth of what the thread allocates now. */
static inline uint32_t record_birth(const struct thread_state *self)
{
    return __builtin_expect(self->paused != 0, 0) ? (uint32_t)LEDGER_BIRTH_IGNORED
                                                  : ledger_birth_now;
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
        record_counted_in(self, bytes);
}

/* The same for what nearly all allocations are, without a call: a block of at most two pages that
 * are known, in a thread that is known. False, and nothing done, where it is another. An address
 * is not compared with the table's end: no allocator gives one beyond it. */
static inline __attribute__((always_inline)) bool
record_allocated_at_once(struct thread_state *self, void *block, size_t bytes, uint32_t stack)
{
    uintptr_t start = (uintptr_t)block;
    struct ledger_leaf *leaf =
        __atomic_load_n(&ledger_leaves[ledger_leaf_index(start)], __ATOMIC_ACQUIRE);
    struct thread_place *place = self->quick;
    if (leaf == NULL || (start & 15) != 0 || place == NULL ||
        !ledger_pages_are_set(leaf, start, bytes))
        return false;
    uint64_t word = bytes | (uint64_t)(start & 16) << (LEDGER_OFFSET_BIT - 4) |
                    (uint64_t)ledger_birth_now << LEDGER_BIRTH_SHIFT |
                    (uint64_t)stack << LEDGER_STACK_SHIFT;
    __atomic_store_n(&leaf->words[ledger_slot(start)], word, __ATOMIC_RELEASE);
    place->allocated_bytes += bytes;
    return true;
}

/* The calling thread is about to give `block` back. Returns its word, 0 when it is not recorded. */
static inline uint64_t record_freed(struct thread_state *self, const void *block)
{
    uint64_t word = ledger_take((uintptr_t)block);
    if (word != 0)
        record_counted_out(self, ledger_word_size(word));
    return word;
}

/* The same for what nearly all blocks are, without a call: recorded, smaller than 128 MiB, in a
 * thread that is known. False, and nothing done, where it is another. */
static inline __attribute__((always_inline)) bool record_freed_at_once(struct thread_state *self,
                                                                       const void *block)
{
    uintptr_t start = (uintptr_t)block;
    struct ledger_leaf *leaf = ledger_leaf_of(start);
    struct thread_place *place = self->quick;
    if (leaf == NULL || place == NULL)
        return false;
    uint64_t *at = &leaf->words[ledger_slot(start)];
    uint64_t word = __atomic_load_n(at, __ATOMIC_RELAXED);
    uint64_t offset = (uint64_t)start << (LEDGER_OFFSET_BIT - 4);
    if (word == 0 || ((word ^ (offset & 1u << LEDGER_OFFSET_BIT)) &
                      (1u << LEDGER_OFFSET_BIT | 1u << LEDGER_UNIT_BIT)) != 0)
        return false;
    __atomic_store_n(at, 0, __ATOMIC_RELEASE);
    place->freed_bytes += word & ((1u << LEDGER_SIZE_BITS) - 1);
    return true;
}

/* realloc moved what `word` stands for to `block`: a new size and call path, the same birth. */
static inline void record_moved(struct thread_state *self, void *block, size_t bytes,
                                uint32_t stack, uint64_t word)
{
    uintptr_t start = (uintptr_t)block;
    uint32_t birth = word != 0 ? ledger_word_birth(word) : record_birth(self);
    if ((start & 15) == 0 && ledger_add(start, bytes, stack, birth))
        record_counted_in(self, bytes);
}

/* realloc failed: the block is where it was. */
static inline void record_kept(struct thread_state *self, void *block, uint64_t word)
{
    if (word == 0)
        return;
    ledger_put((uintptr_t)block, ledger_word_size(word), word);
    record_counted_in(self, ledger_word_size(word));
}

/* The program asked how much of the block it may use: all of that is recorded from now on. */
static inline void record_widened(struct thread_state *self, void *block, size_t usable_bytes)
{
    uint64_t word = ledger_word((uintptr_t)block);
    if (word == 0 || ledger_word_size(word) >= usable_bytes)
        return;
    thread_place_of(self)->allocated_bytes += usable_bytes - ledger_word_size(word);
    uint64_t wider = ledger_word_make((uintptr_t)block, usable_bytes, ledger_word_stack(word),
                                      ledger_word_birth(word));
    ledger_put((uintptr_t)block, usable_bytes, wider);
}

#endif
