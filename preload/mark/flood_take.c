/*
 * Where a thread's next blocks come from; see flood_state.h.
 *
 * From a work list. When it is full, it is emptied, and the blocks that are reached and not read
 * are taken by address, in sweeps over the index, until few are left: neighbours share their
 * address translation. Collectors whose mark stack has overflowed do so. Of several threads each
 * has a list and sweeps by itself, from another place on; what one leaves to its sweeps, another's
 * may take. A thread goes back to its list after a pass over all of the index in which it
 * leaves nothing: what it left before has been taken then, whoever did.
 */
#include "flood_state.h"

enum { FLOOD_GIVES = 2 * FLOOD_BLOCKS }; /* blocks on the list from which half are given away */

/* What is on the list is found again by its bits. */
static void flood_leave_list(struct flood *flood)
{
    for (size_t i = flood->work_first; i < flood->work_end; i++) {
        uintptr_t start = flood->work[i];
        struct blocks_entry *entry = blocks_entry_of(blocks_leaf_of(flood->blocks, start), start);
        uint64_t bit = 1ull << ledger_slot(start) % 64;
        if (flood->is_alone)
            entry->possible &= ~bit;
        else
            __atomic_fetch_and(&entry->possible, ~bit, __ATOMIC_RELAXED);
    }
    flood_count_pending(flood, (int64_t)(flood->work_end - flood->work_first));
    flood->work_first = flood->work_end = 0;
    flood->sweeping = true;
}

void __attribute__((noinline)) flood_begin_sweep(struct flood *flood)
{
    flood_leave_list(flood);
    flood->cursor = flood->sweep_from;
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
                flood_count_pending(flood, -(int64_t)count);
                return count;
            }
            uint64_t left = flood_bits(&entry->reached) & ~flood_bits(&entry->possible);
            if (left == 0)
                continue;
            flood->cursor.left = flood_claim(flood, &entry->possible, left);
            flood->cursor_offsets = entry->offsets;
        }
        unsigned bit = (unsigned)__builtin_ctzll(flood->cursor.left);
        flood->cursor.left &= flood->cursor.left - 1;
        flood->near[count++] =
            flood->cursor_base + bit * LEDGER_SLOT_BYTES + (flood->cursor_offsets >> bit & 1) * 16;
    }
    flood_count_pending(flood, -(int64_t)count);
    return count;
}

/* The eldest: more hangs on them. */
static void flood_give(struct flood *flood)
{
    size_t waiting = flood->work_end - flood->work_first;
    if (waiting >= FLOOD_GIVES)
        flood->work_first +=
            crew_give_starts(flood->crew, &flood->work[flood->work_first], waiting / 2);
}

static size_t flood_take_listed(struct flood *flood)
{
    if (!flood->is_alone && crew_shows(flood->crew, CREW_IS_HUNGRY))
        flood_give(flood);
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
size_t flood_take(struct flood *flood)
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

void flood_end_sweep(struct flood *flood)
{
    flood->cursor = (struct blocks_cursor){0};
    if (crew_should_sweep(flood->crew))
        return;
    flood->sweeping = false;
    size_t count;
    while ((count = flood_take_by_address(flood)) != 0) {
        for (size_t i = 0; i < count; i++)
            flood->work[flood->work_end++] = flood->near[i];
        /* Others have left more meanwhile: it goes on from here. */
        if (flood->work_end >= flood->work_room) {
            flood_leave_list(flood);
            return;
        }
    }
}

bool flood_seek(struct flood *flood)
{
    flood->work_first = 0;
    flood->work_end = crew_take_starts(flood->crew, flood->work);
    if (flood->work_end == 0 && crew_should_sweep(flood->crew))
        flood_begin_sweep(flood);
    return flood->work_end != 0 || flood->sweeping;
}
