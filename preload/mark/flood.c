/*
 * The flood fill; see flood.h.
 *
 * An explicit work list instead of recursion. When it is full, it is emptied, and the blocks that
 * are reached and not read are taken by address, in sweeps over the index, until few are left:
 * neighbours share their address translation. Collectors whose mark stack has overflowed do so.
 *
 * Two short queues keep several cache misses in flight: words that may be pointers wait until their
 * index entry has come, blocks are taken 16 at a time, and the ledger words and first bytes of all
 * 16 are asked for before one is scanned. A pointer to the start of a block costs nothing but the
 * index entry, which is in the cache for most programs. Source of the idea: Cher, Hosking,
 * Vijaykumar, "Software Prefetching for Mark-Sweep Garbage Collection", ASPLOS 2004.
 */
#include "flood.h"

#include <errno.h>
#include <stdbool.h>

#include "../base/pages.h"
#include "fault.h"
#include "sparse.h"

enum {
    FLOOD_WORDS = 32,  /* waiting words; a power of two */
    FLOOD_BLOCKS = 16, /* fetched at once; 8 and 32 were slower */
    FLOOD_ROOM = 1024, /* of the work list: a sweep must find so much that it pays */
    FLOOD_ROOM_ENTRIES = 16,
    FLOOD_TAGS = 7,   /* small tags sit in these bits */
    FLOOD_VECTOR = 16 /* a dynamic thread vector is held by a pointer to its second entry */
};

struct flood_word {
    struct blocks_entry *entry; /* of the slot that `value` lies in */
    uintptr_t value;
    uintptr_t from; /* where it was read */
};

struct flood {
    struct flood_request *request;
    struct blocks *blocks;
    uintptr_t low;
    uintptr_t span;
    bool doubtful;                        /* second phase: all that is found is possible */
    struct flood_word words[FLOOD_WORDS]; /* a ring */
    size_t words_in;
    size_t words_out;
    uintptr_t near[FLOOD_BLOCKS]; /* starts of the blocks being scanned */
    uintptr_t *work;              /* starts; room for each block once: no block is put in twice */
    size_t work_first;            /* taken from here when marking nearest first */
    size_t work_end;
    size_t work_room;
    bool sweeping;               /* the list is not used: blocks are taken by address */
    size_t pending;              /* while sweeping: blocks that are reached and not taken */
    struct blocks_cursor cursor; /* of the sweep: `left` are blocks to take, of the entry at … */
    uintptr_t cursor_base;
    uint64_t cursor_offsets;
    size_t large_bytes;   /* a block of so many is large */
    struct sparse sparse; /* of large blocks */
};

static void flood_set_via(struct flood *flood, const struct blocks_found *found, uintptr_t from)
{
    if (flood->request->via != NULL)
        flood->request->via[blocks_number(found)] = from;
}

/* What a pointer means that is not to a block's start. Returns true when it counts in full. */
static bool flood_judge_interior(struct flood *flood, const struct blocks_found *found,
                                 struct flood_word word)
{
    if (interior_is_explained(&flood->request->map, found, word.value))
        return true;
    if ((found->entry->possible & found->bit) == 0) {
        found->entry->possible |= found->bit;
        flood_set_via(flood, found, word.from);
    }
    return false;
}

/* The list is full: what is on it is found again by its bits. */
static void __attribute__((noinline)) flood_begin_sweep(struct flood *flood)
{
    for (size_t i = 0; i < flood->work_end; i++) {
        uintptr_t start = flood->work[i];
        struct blocks_entry *entry = blocks_entry_of(blocks_leaf_of(flood->blocks, start), start);
        entry->possible &= ~(1ull << ledger_slot(start) % 64);
    }
    flood->pending = flood->work_end;
    flood->work_end = 0;
    flood->cursor = (struct blocks_cursor){0};
    flood->sweeping = true;
}

/* Has a block read that was reached just now. */
static inline __attribute__((always_inline)) void
flood_push(struct flood *flood, struct blocks_entry *entry, uint64_t bit, uintptr_t start)
{
    if (flood->sweeping) {
        entry->possible &= ~bit;
        flood->pending++;
        return;
    }
    entry->possible |= bit;
    flood->work[flood->work_end++] = start;
    if (__builtin_expect(flood->work_end == flood->work_room, 0))
        flood_begin_sweep(flood);
}

static void flood_settle_doubtful(struct flood *flood, const struct blocks_found *found,
                                  uintptr_t from)
{
    if ((found->entry->possible & found->bit) != 0)
        return;
    found->entry->possible |= found->bit;
    flood_set_via(flood, found, from);
    flood->work[flood->work_end++] = found->start;
}

bool flood_find(const struct blocks *blocks, uintptr_t word, struct blocks_found *found)
{
    if (blocks_find(blocks, word, found))
        return true;
    /* A tag counts at the start only, and the address behind the last byte is no tag. */
    uintptr_t address = word & ~(uintptr_t)FLOOD_TAGS;
    if (address != word && blocks_find(blocks, address, found) && found->start == address &&
        word != address + found->bytes)
        return true;
    return interior_find_empty_array(blocks, word, found);
}

static void flood_settle_slow(struct flood *flood, struct flood_word word)
{
    struct blocks_found found;
    if (!flood_find(flood->blocks, word.value, &found))
        return;
    if ((found.entry->reached & found.bit) != 0)
        return;
    if (flood->doubtful) {
        flood_settle_doubtful(flood, &found, word.from);
        return;
    }
    size_t offset = (word.value & ~(uintptr_t)FLOOD_TAGS) - found.start;
    /* Behind the end lies only the address of an empty array, which counts. */
    if (offset != 0 && offset != FLOOD_VECTOR && offset < found.bytes &&
        !flood_judge_interior(flood, &found, word))
        return;
    found.entry->reached |= found.bit;
    flood_set_via(flood, &found, word.from);
    flood_push(flood, found.entry, found.bit, found.start);
}

static void flood_settle_via(struct flood *flood, const struct flood_word *word, uint64_t bit)
{
    struct blocks_leaf *leaf = blocks_leaf_of(flood->blocks, word->value);
    struct blocks_found found = {
        .entry = word->entry, .bit = bit, .side = &leaf->sides[word->entry - leaf->entries]};
    flood_set_via(flood, &found, word->from);
}

/* Most words that matter point to the very start of a block: that needs no ledger word. In line, as
 * all that is done for every word: it was half of the flood's time. */
static inline __attribute__((always_inline)) void flood_settle(struct flood *flood,
                                                               const struct flood_word *word)
{
    struct blocks_entry *entry = word->entry;
    uintptr_t value = word->value;
    uint64_t bit = 1ull << value / LEDGER_SLOT_BYTES % 64;
    if (__builtin_expect(!blocks_start_is(entry, bit, value), 0)) {
        flood_settle_slow(flood, *word);
        return;
    }
    uint64_t *fate = flood->doubtful ? &entry->possible : &entry->reached;
    if (((entry->reached | *fate) & bit) != 0)
        return;
    *fate |= bit;
    if (__builtin_expect(flood->request->via != NULL, 0))
        flood_settle_via(flood, word, bit);
    flood_push(flood, entry, bit, value);
}

/* Lets a word in that is within bounds; what it needs is fetched while it waits. */
static inline __attribute__((always_inline)) void flood_admit(struct flood *flood, uintptr_t value,
                                                              uintptr_t from)
{
    struct blocks_leaf *leaf = blocks_leaf_of(flood->blocks, value);
    /* A page without blocks has nothing in the index either: a look there would only be a fault. */
    if (leaf == NULL || !blocks_page_is_used(leaf, value))
        return;
    struct flood_word *place = &flood->words[flood->words_in++ % FLOOD_WORDS];
    struct flood_word oldest = *place;
    *place = (struct flood_word){blocks_entry_of(leaf, value), value, from};
    __builtin_prefetch(place->entry);
    if (flood->words_in - flood->words_out > FLOOD_WORDS) {
        flood->words_out++;
        flood_settle(flood, &oldest);
    }
}

/* Settles all words that wait. */
static void flood_settle_all(struct flood *flood)
{
    while (flood->words_out != flood->words_in)
        flood_settle(flood, &flood->words[flood->words_out++ % FLOOD_WORDS]);
}

/* Reads the aligned words of [start, end); those that point into the range itself are left out
 * when it is a block. */
static void flood_scan(struct flood *flood, uintptr_t start, uintptr_t end, bool is_block)
{
    uintptr_t low = flood->low;
    uintptr_t span = flood->span;
    uintptr_t mask = flood->blocks->pointer_mask;
    uintptr_t own = is_block ? end - start : 0;
    for (uintptr_t at = (start + 7) & ~(uintptr_t)7; at + 8 <= end; at += 8) {
        uint64_t value;
        if (__builtin_expect(!fault_read(at, &value), 0)) {
            flood->request->pages_unreadable++;
            at = (at | (PAGES_BYTES - 1)) - 7; /* the last word of the page */
            continue;
        }
        value &= mask;
        if (value - low < span && value - start >= own)
            flood_admit(flood, value, at);
    }
}

/* Reads eight bytes at every address: a compiler at run time puts pointers into its instructions.
 */
static void flood_scan_code(struct flood *flood, uintptr_t start, uintptr_t end)
{
    for (uintptr_t at = start; at + 8 <= end; at++) {
        uint64_t value;
        if (__builtin_expect(!fault_read(at, &value), 0)) {
            flood->request->pages_unreadable++;
            at = at | (PAGES_BYTES - 1);
            continue;
        }
        value &= flood->blocks->pointer_mask;
        if (value - flood->low < flood->span)
            flood_admit(flood, value, at);
    }
}

/* The next blocks in order of addresses that are reached and not taken. */
static size_t flood_take_by_address(struct flood *flood)
{
    size_t count = 0;
    while (count < FLOOD_BLOCKS) {
        while (flood->cursor.left == 0) {
            struct blocks_entry *entry =
                blocks_next_entry(flood->blocks, &flood->cursor, &flood->cursor_base);
            if (entry == NULL) {
                flood->pending -= count;
                return count;
            }
            flood->cursor.left = entry->reached & ~entry->possible;
            flood->cursor_offsets = entry->offsets;
            entry->possible |= flood->cursor.left;
        }
        unsigned bit = (unsigned)__builtin_ctzll(flood->cursor.left);
        flood->cursor.left &= flood->cursor.left - 1;
        flood->near[count++] =
            flood->cursor_base + bit * LEDGER_SLOT_BYTES + (flood->cursor_offsets >> bit & 1) * 16;
    }
    flood->pending -= count;
    return count;
}

static size_t flood_take_listed(struct flood *flood)
{
    size_t waiting = flood->work_end - flood->work_first;
    size_t count = waiting < FLOOD_BLOCKS ? waiting : FLOOD_BLOCKS;
    bool nearest_first = flood->request->via != NULL;
    const uintptr_t *from =
        &flood->work[nearest_first ? flood->work_first : flood->work_end - count];
    if (nearest_first)
        flood->work_first += count;
    else
        flood->work_end -= count;
    for (size_t i = 0; i < count; i++)
        flood->near[i] = from[i];
    return count;
}

/* Takes the next blocks and has their memory fetched. All at once: page walks overlap where the
 * prefetches stand close together in what the processor executes; taken one by one between scans
 * the flood took half as long again. Returns how many there are. */
static size_t flood_take(struct flood *flood)
{
    size_t count = flood->sweeping ? flood_take_by_address(flood) : flood_take_listed(flood);
    for (size_t i = 0; i < count; i++) {
        uintptr_t next = flood->near[i];
        __builtin_prefetch((const void *)next);
        __builtin_prefetch(&ledger_leaf_of(next)->words[ledger_slot(next)]);
        __builtin_prefetch((const void *)(next + 63));
    }
    return count;
}

/* A sweep has come to its end: once more, or, when little was found behind it, by the list. */
static void flood_end_sweep(struct flood *flood)
{
    flood->cursor = (struct blocks_cursor){0};
    if (flood->pending > flood->work_room / 4)
        return;
    size_t count;
    while ((count = flood_take_by_address(flood)) != 0)
        for (size_t i = 0; i < count; i++)
            flood->work[flood->work_end++] = flood->near[i];
    flood->sweeping = false;
}

/* Of a large block only what was written. It is reached already, so its pointers into itself are
 * nothing new. */
static void __attribute__((noinline))
flood_scan_large(struct flood *flood, uintptr_t start, uintptr_t end)
{
    while (start < end) {
        struct pages_range part = sparse_next(&flood->sparse, start, end);
        flood_scan(flood, part.start, part.end, false);
        start = part.end;
    }
}

static void flood_drain(struct flood *flood)
{
    do {
        size_t count;
        while ((count = flood_take(flood)) != 0)
            for (size_t i = 0; i < count; i++) {
                uintptr_t start = flood->near[i];
                uint64_t word = ledger_leaf_of(start)->words[ledger_slot(start)];
                size_t bytes = ledger_word_size(word);
                if (__builtin_expect(bytes >= flood->large_bytes, 0))
                    flood_scan_large(flood, start, start + bytes);
                else
                    flood_scan(flood, start, start + bytes, true);
            }
        flood_settle_all(flood);
        if (flood->sweeping)
            flood_end_sweep(flood);
    } while (flood->work_first != flood->work_end || flood->sweeping);
}

/* Puts in, for good with room for all, the blocks that only interior pointers led to. */
static void flood_begin_doubtful(struct flood *flood)
{
    struct blocks_cursor cursor = {0};
    struct blocks_found found;
    flood->doubtful = true;
    flood->work_room = SIZE_MAX;
    while (blocks_next(flood->blocks, &cursor, &found))
        if ((found.entry->possible & ~found.entry->reached & found.bit) != 0)
            flood->work[flood->work_end++] = found.start;
}

int flood_run(struct flood_request *request)
{
    struct blocks *blocks = request->blocks;
    if (blocks->count == 0)
        return 0;
    struct flood flood = {.request = request, .blocks = blocks, .low = blocks->low};
    flood.sparse.map = request->memory;
    flood.large_bytes = request->memory != NULL ? SPARSE_BYTES : SIZE_MAX;
    flood.span = blocks->high + FLOOD_TAGS - blocks->low;
    size_t work_bytes = blocks->count * sizeof *flood.work;
    flood.work = pages_map(work_bytes);
    if (flood.work == NULL)
        return -ENOMEM;
    if (request->via != NULL)
        flood.work_room = SIZE_MAX;
    else if (request->room != 0)
        flood.work_room = request->room;
    else
        flood.work_room = FLOOD_ROOM + blocks->entries_used / FLOOD_ROOM_ENTRIES;
    __asm__ volatile("" ::: "memory"); /* what we wrote into root values is in memory now */
    for (size_t i = 0; i < request->roots->count; i++) {
        const struct roots_range *range = &request->roots->ranges[i];
        if (range->kind == ROOTS_CODE)
            flood_scan_code(&flood, range->start, range->end);
        else
            flood_scan(&flood, range->start, range->end, false);
    }
    flood_drain(&flood);
    flood_begin_doubtful(&flood);
    flood_drain(&flood);
    sparse_finish(&flood.sparse);
    pages_unmap(flood.work, work_bytes);
    return 0;
}
