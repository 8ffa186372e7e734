/*
 * The block index: every live block of the ledger, found by any address in it, marked, numbered.
 *
 * Built once for each mark. For every 64 slots of the ledger there is one entry of 32 bytes that
 * tells with one cache miss whether a block starts just there, and whether it was reached. Beside
 * it, more rarely needed: how many starts lie before (the blocks' dense numbers), and how far back
 * the last one is (a crossing map, as card-marking collectors have it).
 *
 * Runs in the snapshot, or in the program while the world is stopped; own pages only, no lock.
 */
#ifndef SEEP_MARK_BLOCKS_H
#define SEEP_MARK_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../record/ledger.h"

enum {
    BLOCKS_ENTRIES = LEDGER_SLOTS / 64, /* of a leaf */
    BLOCKS_BACK_NONE = 0,               /* no start before, or a page without its bit */
    BLOCKS_BACK_LEAF = UINT16_MAX       /* the last start lies in an earlier leaf */
};

struct blocks_entry {
    uint64_t starts;   /* a bit a slot: a block starts in it */
    uint64_t offsets;  /* of these: at byte 16 of the slot */
    uint64_t reached;  /* of these: reached through pointers that count */
    uint64_t possible; /* reached only through a doubtful pointer, where `reached` is clear; where
                          it is set, the flood notes here that the block was taken. Its first
                          phase keeps doubtful pointers apart (`doubtful`): of two threads one may
                          meet such a pointer while the other takes the block */
} __attribute__((aligned(32)));

struct blocks_side {
    uint32_t rank; /* number of blocks before this entry */
    uint32_t back; /* entries back to the last one before with a start, or BLOCKS_BACK_… */
};

struct blocks_leaf {
    const struct ledger_leaf *ledger;
    uintptr_t base;   /* address of its first slot */
    uintptr_t before; /* slot address of the last start before this leaf, 0 for none */
    struct blocks_entry entries[BLOCKS_ENTRIES];
    struct blocks_side sides[BLOCKS_ENTRIES];
    uint64_t doubtful[BLOCKS_ENTRIES]; /* by entry: the flood met a doubtful pointer to it */
};

struct blocks {
    uintptr_t low;  /* no block starts below */
    uintptr_t high; /* no block reaches above */
    size_t leaf_first;
    size_t leaf_end;
    struct blocks_leaf **leaves; /* by leaf index - leaf_first; NULL where there is none */
    struct blocks_leaf *storage; /* of all leaves that exist, by address */
    size_t storage_count;
    size_t entries_used; /* those of pages that hold a block or held one */
    size_t count;        /* blocks */
    uint64_t bytes;
    uintptr_t pointer_mask; /* the bits of a word that are an address; all of them at first */
};

/* A block that an address led to. */
struct blocks_found {
    uintptr_t start;
    size_t bytes;
    uint64_t word; /* the ledger's; 0 when nothing was found */
    struct blocks_entry *entry;
    uint64_t bit; /* its bit in the entry's maps */
    const struct blocks_side *side;
};

/* Reads the ledger. Returns 0 or -ENOMEM. */
int blocks_build(struct blocks *blocks);
void blocks_free(struct blocks *blocks);

/* The block that holds `address`; false when there is none. A block of size 0 is found by its
 * start only; the address behind the last byte finds nothing. */
bool blocks_find(const struct blocks *blocks, uintptr_t address, struct blocks_found *found);
/* The block whose last byte lies just before `address`. */
bool blocks_find_ending(const struct blocks *blocks, uintptr_t address, struct blocks_found *found);

static inline struct blocks_leaf *blocks_leaf_of(const struct blocks *blocks, uintptr_t address)
{
    size_t at = ledger_leaf_index(address) - blocks->leaf_first;
    return at < blocks->leaf_end - blocks->leaf_first ? blocks->leaves[at] : NULL;
}

static inline struct blocks_entry *blocks_entry_of(struct blocks_leaf *leaf, uintptr_t address)
{
    return &leaf->entries[ledger_slot(address) / 64];
}

/* True when the page of `address` holds a block or held one. */
static inline bool blocks_page_is_used(const struct blocks_leaf *leaf, uintptr_t address)
{
    size_t page = (address >> 12) % LEDGER_PAGES;
    return (leaf->ledger->pages[page / 64] >> page % 64 & 1) != 0;
}

/* True for an address at which the block starts that has `bit` in `entry`. Reads nothing else. */
static inline bool blocks_start_is(const struct blocks_entry *entry, uint64_t bit,
                                   uintptr_t address)
{
    return (entry->starts & bit) != 0 && address % 16 == 0 &&
           ((entry->offsets & bit) != 0) == ((address & 16) != 0);
}

/* The number of bits set; without the instruction, which the oldest x86-64 lacks. */
static inline uint32_t blocks_bits(uint64_t map)
{
    map -= map >> 1 & 0x5555555555555555u;
    map = (map & 0x3333333333333333u) + (map >> 2 & 0x3333333333333333u);
    map = (map + (map >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (uint32_t)(map * 0x0101010101010101u >> 56);
}

/* 0 … count - 1, in order of addresses. */
static inline uint32_t blocks_number(const struct blocks_found *found)
{
    return found->side->rank + blocks_bits(found->entry->starts & (found->bit - 1));
}

/* Goes through all blocks in order of addresses: start with a zeroed cursor; false at the end. */
struct blocks_cursor {
    size_t leaf;
    size_t entry;
    uint64_t left;
};
bool blocks_next(const struct blocks *blocks, struct blocks_cursor *cursor,
                 struct blocks_found *found);

/* Goes through the entries of all pages that hold a block or held one; `base` becomes the address
 * of the entry's first slot. Leaves the cursor's `left` alone. NULL at the end. */
struct blocks_entry *blocks_next_entry(const struct blocks *blocks, struct blocks_cursor *cursor,
                                       uintptr_t *base);

#endif
