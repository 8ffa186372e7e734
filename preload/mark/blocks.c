/* The block index; see blocks.h. */
#include "blocks.h"

#include <errno.h>
#include <sys/mman.h>

#include "../base/pages.h"
#include "../base/sys.h"

enum { BLOCKS_LEAVES_MANY = 8 }; /* half a gigabyte of heap */

static size_t blocks_storage_bytes(const struct blocks *blocks)
{
    return blocks->storage_count * sizeof *blocks->storage;
}

static size_t blocks_table_bytes(const struct blocks *blocks)
{
    return (blocks->leaf_end - blocks->leaf_first) * sizeof *blocks->leaves;
}

/* The index of a large heap is read everywhere at once: with large pages, where they would be full,
 * address translation costs less. A heap that is thin would pay for it with memory. */
static void blocks_ask_large_pages(const struct blocks *blocks)
{
    if (blocks->storage_count >= BLOCKS_LEAVES_MANY &&
        blocks->entries_used >= blocks->storage_count * BLOCKS_ENTRIES / 2)
        sys_call(SYS_madvise, blocks->storage, blocks_storage_bytes(blocks), MADV_HUGEPAGE);
}

static size_t blocks_entries_of(const struct ledger_leaf *leaf)
{
    size_t pages = 0;
    for (size_t i = 0; i < LEDGER_PAGES / 64; i++)
        pages += blocks_bits(leaf->pages[i]);
    return pages * (LEDGER_SLOTS_PER_PAGE / 64);
}

static int blocks_allocate(struct blocks *blocks)
{
    blocks->leaf_first = ledger_leaf_first();
    blocks->leaf_end = ledger_leaf_end();
    if (blocks->leaf_first >= blocks->leaf_end) {
        blocks->leaf_first = blocks->leaf_end = 0;
        return 0;
    }
    for (size_t i = ledger_leaf_next(0); i < blocks->leaf_end; i = ledger_leaf_next(i + 1)) {
        blocks->storage_count++;
        blocks->entries_used += blocks_entries_of(ledger_leaves[i]);
    }
    blocks->leaves = pages_map(blocks_table_bytes(blocks));
    blocks->storage = pages_map(blocks_storage_bytes(blocks));
    if (blocks->leaves == NULL || blocks->storage == NULL)
        return -ENOMEM;
    blocks_ask_large_pages(blocks);
    return 0;
}

void blocks_free(struct blocks *blocks)
{
    if (blocks->leaves != NULL)
        pages_unmap(blocks->leaves, blocks_table_bytes(blocks));
    if (blocks->storage != NULL)
        pages_unmap(blocks->storage, blocks_storage_bytes(blocks));
    *blocks = (struct blocks){0};
}

/* What the walk over the ledger has seen so far. */
struct blocks_walk {
    struct blocks *blocks;
    struct blocks_leaf *leaf;
    size_t last_entry; /* of this leaf, with a start; BLOCKS_ENTRIES for none */
    uintptr_t last_start;
};

static void blocks_add_entry(struct blocks_walk *walk, size_t at)
{
    struct blocks *blocks = walk->blocks;
    const uint64_t *words = &walk->leaf->ledger->words[at * 64];
    struct blocks_entry *entry = &walk->leaf->entries[at];
    uintptr_t base = walk->leaf->base + at * 64 * LEDGER_SLOT_BYTES;
    struct blocks_side *side = &walk->leaf->sides[at];
    side->rank = (uint32_t)blocks->count;
    uint64_t starts = 0;
    uint64_t offsets = 0;
    for (unsigned slot = 0; slot < 64; slot++) {
        if (words[slot] == 0)
            continue;
        starts |= 1ull << slot;
        offsets |= (uint64_t)(ledger_word_offset(words[slot]) / 16) << slot;
        uintptr_t start = base + slot * LEDGER_SLOT_BYTES + ledger_word_offset(words[slot]);
        size_t bytes = ledger_word_size(words[slot]);
        blocks->bytes += bytes;
        if (start < blocks->low)
            blocks->low = start;
        if (start + bytes >= blocks->high)
            blocks->high = start + bytes + 1;
    }
    entry->starts = starts;
    entry->offsets = offsets;
    if (walk->last_entry < BLOCKS_ENTRIES)
        side->back = (uint32_t)(at - walk->last_entry);
    else
        side->back = walk->last_start != 0 ? BLOCKS_BACK_LEAF : BLOCKS_BACK_NONE;
    if (starts != 0) {
        blocks->count += blocks_bits(starts);
        walk->last_entry = at;
        walk->last_start = base + (63 - (unsigned)__builtin_clzll(starts)) * LEDGER_SLOT_BYTES;
    }
}

/* Only pages whose bit is set: words of others are stale, or were never touched. */
static void blocks_add_leaf(struct blocks_walk *walk)
{
    enum { PER_PAGE = LEDGER_SLOTS_PER_PAGE / 64 };
    walk->last_entry = BLOCKS_ENTRIES;
    walk->leaf->before = walk->last_start;
    for (size_t i = 0; i < LEDGER_PAGES / 64; i++) {
        uint64_t pages = __atomic_load_n(&walk->leaf->ledger->pages[i], __ATOMIC_RELAXED);
        for (; pages != 0; pages &= pages - 1) {
            size_t page = i * 64 + (unsigned)__builtin_ctzll(pages);
            for (size_t k = 0; k < PER_PAGE; k++)
                blocks_add_entry(walk, page * PER_PAGE + k);
        }
    }
}

int blocks_build(struct blocks *blocks)
{
    *blocks = (struct blocks){.low = UINTPTR_MAX, .pointer_mask = UINTPTR_MAX};
    int error = blocks_allocate(blocks);
    if (error != 0)
        return error;
    struct blocks_walk walk = {.blocks = blocks};
    size_t used = 0;
    for (size_t i = ledger_leaf_next(blocks->leaf_first); i < blocks->leaf_end;
         i = ledger_leaf_next(i + 1)) {
        /* A leaf made since they were counted (in place only) holds no block of a stopped thread.
         */
        if (used == blocks->storage_count)
            continue;
        walk.leaf = &blocks->storage[used++];
        walk.leaf->ledger = ledger_leaves[i];
        walk.leaf->base = (uintptr_t)i << LEDGER_LEAF_SHIFT;
        blocks->leaves[i - blocks->leaf_first] = walk.leaf;
        blocks_add_leaf(&walk);
    }
    if (blocks->count == 0)
        blocks->low = blocks->high = 0;
    return 0;
}

/* The block whose start is in this slot. */
static void blocks_at_slot(struct blocks_leaf *leaf, size_t slot, struct blocks_found *found)
{
    found->word = leaf->ledger->words[slot];
    found->start = leaf->base + slot * LEDGER_SLOT_BYTES + ledger_word_offset(found->word);
    found->bytes = ledger_word_size(found->word);
    found->entry = &leaf->entries[slot / 64];
    found->bit = 1ull << slot % 64;
    found->side = &leaf->sides[slot / 64];
}

/* The last start in the slot of `address` or before, whatever its size. */
static bool blocks_last_start(const struct blocks *blocks, uintptr_t address,
                              struct blocks_found *found)
{
    struct blocks_leaf *leaf = blocks_leaf_of(blocks, address);
    if (leaf == NULL)
        return false;
    size_t slot = ledger_slot(address);
    size_t at = slot / 64;
    uint64_t before = leaf->entries[at].starts & (~0ull >> (63 - slot % 64));
    if (before == 0) {
        uint32_t back = leaf->sides[at].back;
        if (back == BLOCKS_BACK_NONE)
            return false;
        if (back == BLOCKS_BACK_LEAF) {
            slot = ledger_slot(leaf->before);
            leaf = blocks_leaf_of(blocks, leaf->before);
            at = slot / 64;
        } else {
            at -= back;
        }
        before = leaf->entries[at].starts;
    }
    blocks_at_slot(leaf, at * 64 + 63 - (unsigned)__builtin_clzll(before), found);
    return true;
}

bool blocks_find(const struct blocks *blocks, uintptr_t address, struct blocks_found *found)
{
    if (address - blocks->low >= blocks->high - blocks->low ||
        !blocks_last_start(blocks, address, found))
        return false;
    if (found->start > address) {
        /* It starts at byte 16 of this slot; an earlier one may reach into the first 16 bytes. */
        uintptr_t slot_start = address & ~(uintptr_t)(LEDGER_SLOT_BYTES - 1);
        if (!blocks_last_start(blocks, slot_start - LEDGER_SLOT_BYTES, found))
            return false;
    }
    return address - found->start < found->bytes || address == found->start;
}

bool blocks_find_ending(const struct blocks *blocks, uintptr_t address, struct blocks_found *found)
{
    return blocks_find(blocks, address - 1, found) && found->start + found->bytes == address;
}

/* The first entry from `entry` on whose page holds a block or held one: the others were never
 * written, and are not worth a page of the index each. */
static size_t blocks_entry_used(const struct blocks_leaf *leaf, size_t entry)
{
    enum { ENTRIES_PER_PAGE = LEDGER_SLOTS_PER_PAGE / 64 };
    size_t page = entry / ENTRIES_PER_PAGE;
    while (page < LEDGER_PAGES) {
        uint64_t rest = leaf->ledger->pages[page / 64] >> page % 64;
        if (rest != 0) {
            size_t used = (page + (size_t)__builtin_ctzll(rest)) * ENTRIES_PER_PAGE;
            return used > entry ? used : entry;
        }
        page = (page / 64 + 1) * 64;
    }
    return BLOCKS_ENTRIES;
}

struct blocks_entry *blocks_next_entry(const struct blocks *blocks, struct blocks_cursor *cursor,
                                       uintptr_t *base)
{
    for (; cursor->leaf < blocks->storage_count; cursor->leaf++, cursor->entry = 0) {
        struct blocks_leaf *leaf = &blocks->storage[cursor->leaf];
        cursor->entry = blocks_entry_used(leaf, cursor->entry);
        if (cursor->entry == BLOCKS_ENTRIES)
            continue;
        *base = leaf->base + cursor->entry * 64 * LEDGER_SLOT_BYTES;
        return &leaf->entries[cursor->entry++];
    }
    return NULL;
}

bool blocks_next(const struct blocks *blocks, struct blocks_cursor *cursor,
                 struct blocks_found *found)
{
    while (cursor->left == 0) {
        uintptr_t base;
        const struct blocks_entry *entry = blocks_next_entry(blocks, cursor, &base);
        if (entry == NULL)
            return false;
        cursor->left = entry->starts;
    }
    unsigned bit = (unsigned)__builtin_ctzll(cursor->left);
    cursor->left &= cursor->left - 1;
    blocks_at_slot(&blocks->storage[cursor->leaf], (cursor->entry - 1) * 64 + bit, found);
    return true;
}
