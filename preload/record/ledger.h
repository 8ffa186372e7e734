/*
 * The ledger: for any address, which live block starts there. One 64-bit word for every slot of 32
 * bytes of address space, in a table of leaves, each for 64 MiB, mapped when first needed.
 *
 * ledger_add and ledger_take run in program threads, on the path of every malloc and free, without
 * a lock: the owner of a block is the only writer of its word, and a word is published whole. The
 * readers run in the snapshot or with the world stopped.
 *
 * The layout of a word, from bit 0: size (27), unit (1: size in 4 KiB), birth (11), stack (24),
 * offset (1: the block starts at byte 16 of its slot). Zero is no block: an ignored block, whose
 * birth is 0, of 0 bytes, no known stack and offset 0 is not recorded.
 * Source of the idea: a shadow table as in memory checkers, with the block's facts in place of
 * shadow bytes.
 */
#ifndef SEEP_RECORD_LEDGER_H
#define SEEP_RECORD_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/hot.h"

enum {
    LEDGER_SLOT_BYTES = 32,
    LEDGER_LEAF_SHIFT = 26, /* 64 MiB */
    LEDGER_SLOTS = 1 << (LEDGER_LEAF_SHIFT - 5),
    LEDGER_PAGES = 1 << (LEDGER_LEAF_SHIFT - 12),
    LEDGER_SLOTS_PER_PAGE = 4096 / LEDGER_SLOT_BYTES,
    LEDGER_LEAVES = 1 << (47 - LEDGER_LEAF_SHIFT),

    LEDGER_SIZE_BITS = 27,
    LEDGER_UNIT_BIT = 27,
    LEDGER_BIRTH_SHIFT = 28,
    LEDGER_BIRTH_BITS = 11,
    LEDGER_STACK_SHIFT = 39,
    LEDGER_STACK_BITS = 24,
    LEDGER_OFFSET_SHIFT = 59, /* from bit 4 of an address to the word's last one */

    LEDGER_BIRTH_IGNORED = 0, /* never a finding, and all that it leads to is in use */
    LEDGER_BIRTH_FIRST = 1,
    LEDGER_BIRTH_LAST = (1 << LEDGER_BIRTH_BITS) - 1
};

struct ledger_leaf {
    uint64_t pages[LEDGER_PAGES / 64]; /* a bit a page: holds or held a block; atomic */
    uint64_t words[LEDGER_SLOTS] __attribute__((aligned(4096)));
};

/* Entries are set once, by compare-and-swap, and never taken back while the program runs. */
extern struct ledger_leaf **ledger_leaves HOT;

/* Once, before any other call; false when there is no memory for the upper level (16 MiB of
 * address space). */
bool ledger_start(void);

/* Forgets all blocks and gives all memory back. In a process of one thread, while nothing is
 * recorded any more. */
void ledger_stop(void);

/* True when there was no memory for a leaf once: blocks there are not watched. Atomic. */
extern bool ledger_lacks_memory __attribute__((visibility("hidden")));

/* Maps the leaf; NULL when there is no memory. Out of line: once for 64 MiB. */
struct ledger_leaf *ledger_leaf_make_slow(uintptr_t address);
void ledger_pages_set_slow(uintptr_t start, uintptr_t end);

/* The range of leaves that exist: first, and one behind the last. */
size_t ledger_leaf_first(void);
size_t ledger_leaf_end(void);
/* The first leaf from `index` on that exists; not below ledger_leaf_end() when there is none. */
size_t ledger_leaf_next(size_t index);

/* The program mapped or unmapped these addresses: their pages hold no blocks any more. */
void ledger_pages_clear(uintptr_t start, uintptr_t end);

/* The birth that new blocks get, where a word has it; read on every allocation, written with the
 * world stopped or in a process of one thread. */
extern uint64_t ledger_birth_bits HOT;
/* Blocks of this birth and earlier ones were inherited from the process that forked this one, or
 * are not to be reported: they are never a finding. Written as ledger_birth_bits is. */
extern uint32_t ledger_birth_floor __attribute__((visibility("hidden")));

/* With the world stopped: blocks from now on are one collection younger. Renumbers all births when
 * they come to their end. */
void ledger_birth_next(void);

/* With the world stopped, and no other thread anywhere between reading and writing a word: gives
 * pages of the table that hold no block back to the kernel, of one leaf and of a few megabytes at
 * most; the next call goes on from there. Less than a millisecond. */
void ledger_give_back(void);

/* In a forked child, before it allocates: all blocks so far are inherited. */
void ledger_inherit_all(void);

static inline uint32_t ledger_birth_now(void)
{
    return (uint32_t)(ledger_birth_bits >> LEDGER_BIRTH_SHIFT);
}

static inline size_t ledger_leaf_index(uintptr_t address)
{
    return address >> LEDGER_LEAF_SHIFT;
}

static inline size_t ledger_slot(uintptr_t address)
{
    return (address / LEDGER_SLOT_BYTES) % LEDGER_SLOTS;
}

static inline uint64_t ledger_word_make(uintptr_t start, size_t bytes, uint32_t stack,
                                        uint32_t birth)
{
    uint64_t size = bytes;
    if (__builtin_expect(size >= (1u << LEDGER_SIZE_BITS), 0)) {
        size = (size + 4095) / 4096;
        size |= 1u << LEDGER_UNIT_BIT;
    }
    return size | (uint64_t)birth << LEDGER_BIRTH_SHIFT | (uint64_t)stack << LEDGER_STACK_SHIFT |
           (uint64_t)(start & 16) << LEDGER_OFFSET_SHIFT;
}

/* In bytes; of blocks of 128 MiB and more rounded up to 4 KiB. */
static inline size_t ledger_word_size(uint64_t word)
{
    size_t size = word & ((1u << LEDGER_SIZE_BITS) - 1);
    return __builtin_expect((word >> LEDGER_UNIT_BIT & 1) != 0, 0) ? size * 4096 : size;
}

static inline uint32_t ledger_word_stack(uint64_t word)
{
    return (uint32_t)(word >> LEDGER_STACK_SHIFT) & ((1u << LEDGER_STACK_BITS) - 1);
}

static inline uint32_t ledger_word_birth(uint64_t word)
{
    return (uint32_t)(word >> LEDGER_BIRTH_SHIFT) & ((1u << LEDGER_BIRTH_BITS) - 1);
}

/* True for a block that this process did not allocate itself: it is never a finding. */
static inline bool ledger_word_is_inherited(uint64_t word)
{
    return ledger_word_birth(word) <= ledger_birth_floor;
}

/* 0 or 16: where in its slot the block starts. */
static inline uint32_t ledger_word_offset(uint64_t word)
{
    return (uint32_t)(word >> LEDGER_OFFSET_SHIFT) & 16;
}

/* Where in the leaf the word for this address is. Written so that compilers find the one
 * instruction for it. */
static inline __attribute__((always_inline)) uint64_t *ledger_place(struct ledger_leaf *leaf,
                                                                    uintptr_t address)
{
    uintptr_t slot_at = (uintptr_t)leaf + ledger_slot(address) * sizeof(uint64_t);
    return (uint64_t *)(slot_at + offsetof(struct ledger_leaf, words));
}

static inline struct ledger_leaf *ledger_leaf_of(uintptr_t address)
{
    size_t index = ledger_leaf_index(address);
    return index < LEDGER_LEAVES ? __atomic_load_n(&ledger_leaves[index], __ATOMIC_ACQUIRE) : NULL;
}

/* True when the bits of all pages of the block are set: always but for the first blocks of a page,
 * and for blocks that reach beyond the pages of one word. */
static inline __attribute__((always_inline)) bool
ledger_pages_are_set(const struct ledger_leaf *leaf, uintptr_t start, size_t bytes)
{
    size_t page = ledger_slot(start) / LEDGER_SLOTS_PER_PAGE;
    uint64_t seen = __atomic_load_n(&leaf->pages[page / 64], __ATOMIC_RELAXED);
    if (__builtin_expect((start & 4095) + bytes <= 4096, 1))
        return (seen >> page % 64 & 1) != 0;
    return (seen >> page % 64 & 3) == 3 && bytes <= 8192 - (start & 4095);
}

/* Records a block that the caller has just got from the allocator; `start` is a multiple of 16.
 * False when there is no memory for the leaf: the block is then not watched. */
static inline bool ledger_put(uintptr_t start, size_t bytes, uint64_t word)
{
    struct ledger_leaf *leaf = ledger_leaf_of(start);
    if (__builtin_expect(leaf == NULL, 0) && (leaf = ledger_leaf_make_slow(start)) == NULL)
        return false;
    if (__builtin_expect(!ledger_pages_are_set(leaf, start, bytes), 0))
        ledger_pages_set_slow(start, start + bytes);
    __atomic_store_n(ledger_place(leaf, start), word, __ATOMIC_RELEASE);
    return true;
}

static inline bool ledger_add(uintptr_t start, size_t bytes, uint32_t stack, uint32_t birth)
{
    return ledger_put(start, bytes, ledger_word_make(start, bytes, stack, birth));
}

/* The word of the block that starts at `start`, or 0. */
static inline uint64_t ledger_word(uintptr_t start)
{
    struct ledger_leaf *leaf = ledger_leaf_of(start);
    if (leaf == NULL)
        return 0;
    uint64_t word = __atomic_load_n(ledger_place(leaf, start), __ATOMIC_RELAXED);
    return word != 0 && ledger_word_offset(word) == (start & 16) ? word : 0;
}

/* Takes the block out and returns its word, or 0 when it was not recorded. The caller must do this
 * before it gives the block back to the allocator: afterwards another thread may own the address.
 */
static inline uint64_t ledger_take(uintptr_t start)
{
    struct ledger_leaf *leaf = ledger_leaf_of(start);
    if (__builtin_expect(leaf == NULL, 0))
        return 0;
    uint64_t *place = ledger_place(leaf, start);
    uint64_t word = __atomic_load_n(place, __ATOMIC_RELAXED);
    if (__builtin_expect(word == 0 || ledger_word_offset(word) != (start & 16), 0))
        return 0;
    __atomic_store_n(place, 0, __ATOMIC_RELEASE);
    return word;
}

#endif
