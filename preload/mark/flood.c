/*
 * The flood fill of one thread; see flood.h.
 *
 * An explicit work list instead of recursion; flood_take.c keeps it, flood_run.c starts the
 * threads.
 *
 * Two short queues keep several cache misses in flight: words that may be pointers wait until their
 * index entry has come, blocks are taken 16 at a time, and the ledger words and first bytes of all
 * 16 are asked for before one is scanned. A pointer to the start of a block costs nothing but the
 * index entry, which is in the cache for most programs. Source of the idea: Cher, Hosking,
 * Vijaykumar, "Software Prefetching for Mark-Sweep Garbage Collection", ASPLOS 2004.
 */
#include "flood.h"

#include "../base/prefetch_x86_64.h"
#include "fault.h"
#include "flood_state.h"

enum { FLOOD_VECTOR = 16 }; /* a dynamic thread vector is held by a pointer to its second entry */

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
    struct blocks_leaf *leaf = blocks_leaf_of(flood->blocks, found->start);
    uint64_t *doubtful = &leaf->doubtful[found->entry - leaf->entries];
    if ((flood_bits(doubtful) & found->bit) == 0 && flood_claim(flood, doubtful, found->bit) != 0)
        flood_set_via(flood, found, word.from);
    return false;
}

/* Has a block read that was reached just now. */
static inline __attribute__((always_inline)) void
flood_push(struct flood *flood, struct blocks_entry *entry, uint64_t bit, uintptr_t start)
{
    /* In the second phase there is no sweep, and none that could have taken it. */
    if (!flood->doubtful && (flood->sweeping || flood_claim(flood, &entry->possible, bit) == 0)) {
        flood_count_pending(flood, 1);
        return;
    }
    flood->work[flood->work_end++] = start;
    if (__builtin_expect(flood->work_end >= flood->work_room, 0))
        flood_begin_sweep(flood);
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
    if ((flood_bits(&found.entry->reached) & found.bit) != 0)
        return;
    uint64_t *fate = &found.entry->reached;
    if (flood->doubtful) {
        fate = &found.entry->possible;
    } else {
        size_t offset = (word.value & ~(uintptr_t)FLOOD_TAGS) - found.start;
        /* Behind the end lies only the address of an empty array, which counts. */
        if (offset != 0 && offset != FLOOD_VECTOR && offset < found.bytes &&
            !flood_judge_interior(flood, &found, word))
            return;
    }
    if ((flood_bits(fate) & found.bit) != 0 || flood_claim(flood, fate, found.bit) == 0)
        return;
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
    if (((flood_bits(&entry->reached) | flood_bits(fate)) & bit) != 0 ||
        flood_claim(flood, fate, bit) == 0)
        return;
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
    if (__builtin_expect(flood->is_alone, 1))
        __builtin_prefetch(place->entry);
    else
        prefetch_to_write(place->entry); /* else asked for twice: to look, and to set a bit */
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
            flood->pages_unreadable++;
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
            flood->pages_unreadable++;
            at = at | (PAGES_BYTES - 1);
            continue;
        }
        value &= flood->blocks->pointer_mask;
        if (value - flood->low < flood->span)
            flood_admit(flood, value, at);
    }
}

/* Of a large block only what was written. It is reached already, so its pointers into itself are
 * nothing new. */
static void flood_scan_written(struct flood *flood, uintptr_t start, uintptr_t end)
{
    while (start < end) {
        struct pages_range part = sparse_next(&flood->sparse, start, end);
        flood_scan(flood, part.start, part.end, false);
        start = part.end;
    }
}

/* Others may read pieces of it: an array of pointers may be all there is. */
static void __attribute__((noinline))
flood_scan_large(struct flood *flood, uintptr_t start, uintptr_t end)
{
    if (flood->is_alone ||
        !crew_give_range(flood->crew, (struct crew_range){start, end, CREW_BLOCK}))
        flood_scan_written(flood, start, end);
}

void flood_scan_piece(struct flood *flood, const struct crew_range *piece)
{
    switch (piece->kind) {
    case CREW_WORDS:
        flood_scan(flood, piece->start, piece->end, false);
        break;
    case CREW_CODE:
        flood_scan_code(flood, piece->start, piece->end);
        break;
    case CREW_BLOCK:
        flood_scan_written(flood, piece->start, piece->end);
        break;
    }
}

void flood_drain(struct flood *flood)
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
