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
    struct thread_place *place = thread_place_of(self);
    place->allocated_bytes += bytes;
    place->allocated_blocks++;
}

static inline void record_counted_out(struct thread_state *self, size_t bytes)
{
    struct thread_place *place = thread_place_of(self);
    place->freed_bytes += bytes;
    place->freed_blocks++;
}

/* The birth of what the thread allocates now. */
static inline uint32_t record_birth(const struct thread_state *self)
{
    return __builtin_expect(self->paused != 0, 0) ? (uint32_t)LEDGER_BIRTH_IGNORED
                                                  : ledger_birth_now;
}

/* The calling thread got `block` from the allocator. NULL and addresses that no allocator of ours
 * gives (not a multiple of 16) are ignored. */
static inline __attribute__((always_inline)) void
record_allocated(struct thread_state *self, void *block, size_t bytes, uint32_t stack)
{
    uintptr_t start = (uintptr_t)block;
    if (__builtin_expect(start == 0 || (start & 15) != 0, 0))
        return;
    if (ledger_add(start, bytes, stack, record_birth(self)))
        record_counted_in(self, bytes);
}

/* The calling thread is about to give `block` back. Returns its word, 0 when it is not recorded. */
static inline __attribute__((always_inline)) uint64_t record_freed(struct thread_state *self,
                                                                   const void *block)
{
    uint64_t word = ledger_take((uintptr_t)block);
    if (word != 0)
        record_counted_out(self, ledger_word_size(word));
    return word;
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
