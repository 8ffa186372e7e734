/*
 * The flood: two phases, each by one thread or several; see flood.h.
 *
 * The other threads are helpers (base/helper.h), which may write no thread-local variable, take no
 * lock and map no pages. What they run is in flood.c, flood_take.c, crew.c, interior.c, sparse.c
 * and written.c: loops over memory, raw system calls on descriptors that were opened here, and the
 * handler behind fault_read. All that they need is mapped and opened before they start.
 */
#include <errno.h>

#include "../base/helper.h"
#include "../base/pages.h"
#include "flood_state.h"

enum {
    FLOOD_ROOM = 1024, /* of a work list: a sweep must find so much that it pays */
    FLOOD_ROOM_ENTRIES = 16
};

/* All threads of a flood; those that could not be had are left out. */
struct flood_threads {
    struct crew crew;
    struct flood floods[CREW_MOST];
    struct helper helpers[CREW_MOST]; /* the first is not used */
    uint32_t count;
};

/* One thread of one phase. */
static void flood_phase(void *argument)
{
    struct flood *flood = argument;
    struct crew_range piece;
    do {
        while (crew_take_range(flood->crew, &piece))
            flood_scan_piece(flood, &piece);
        flood_drain(flood);
    } while (flood_seek(flood) || crew_wait(flood->crew));
}

/* A share of the index for each thread to begin a sweep with. */
static void flood_set_shares(struct flood_threads *threads)
{
    for (uint32_t i = 0; i < threads->count; i++) {
        struct flood *flood = &threads->floods[i];
        size_t place = flood->blocks->storage_count * BLOCKS_ENTRIES / threads->count * i;
        flood->sweep_from.leaf = place / BLOCKS_ENTRIES;
        flood->sweep_from.entry = place % BLOCKS_ENTRIES;
    }
}

/* A phase by all threads; the first, which is this one, may have blocks on its list. */
static void flood_all(struct flood_threads *threads)
{
    struct crew *crew = &threads->crew;
    uint32_t started = 1;
    crew->members = threads->count;
    crew->is_done = false;
    for (; started < threads->count; started++) {
        struct helper *helper = &threads->helpers[started];
        *helper = (struct helper){.body = flood_phase, .argument = &threads->floods[started]};
        if (helper_start(helper) != 0)
            break;
    }
    for (uint32_t i = started; i < threads->count; i++)
        crew_leave(crew);
    threads->floods[0].is_alone = started == 1;
    flood_phase(&threads->floods[0]);
    for (uint32_t i = 1; i < started; i++)
        helper_wait(&threads->helpers[i]);
    threads->count = started;
}

/* Puts in, for good with room for all, the blocks that only doubtful pointers led to. Returns false
 * when there are none. */
static bool flood_begin_doubtful(struct flood_threads *threads)
{
    for (uint32_t i = 0; i < threads->count; i++) {
        threads->floods[i].doubtful = true;
        threads->floods[i].work_room = SIZE_MAX;
    }
    struct flood *flood = &threads->floods[0];
    struct blocks_cursor cursor = {0};
    struct blocks_entry *entry;
    uintptr_t base;
    while ((entry = blocks_next_entry(flood->blocks, &cursor, &base)) != NULL) {
        const struct blocks_leaf *leaf = &flood->blocks->storage[cursor.leaf];
        uint64_t left = leaf->doubtful[entry - leaf->entries] & ~entry->reached;
        entry->possible |= left;
        for (; left != 0; left &= left - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(left);
            flood->work[flood->work_end++] =
                base + bit * LEDGER_SLOT_BYTES + (entry->offsets >> bit & 1) * 16;
        }
    }
    return flood->work_end != 0;
}

/* Returns false when there is no memory for it. */
static bool flood_prepare(struct flood_threads *threads, struct flood_request *request)
{
    struct blocks *blocks = request->blocks;
    struct flood *flood = &threads->floods[threads->count];
    *flood = (struct flood){.request = request,
                            .blocks = blocks,
                            .crew = &threads->crew,
                            .low = blocks->low,
                            .span = blocks->high + FLOOD_TAGS - blocks->low,
                            .work = pages_map(blocks->count * sizeof *flood->work),
                            .work_room = request->via != NULL ? SIZE_MAX : request->room,
                            .pending = &threads->crew.pending[threads->count].count,
                            .large_bytes = request->memory != NULL ? SPARSE_BYTES : SIZE_MAX,
                            .sparse = {.map = request->memory}};
    if (flood->work == NULL)
        return false;
    if (flood->work_room == 0)
        flood->work_room = FLOOD_ROOM + blocks->entries_used / FLOOD_ROOM_ENTRIES;
    threads->crew.pending_most = (int64_t)(flood->work_room / 4);
    threads->count++;
    return true;
}

static void flood_finish(struct flood_threads *threads, uint32_t prepared)
{
    for (uint32_t i = 0; i < prepared; i++) {
        struct flood *flood = &threads->floods[i];
        flood->request->pages_unreadable += flood->pages_unreadable;
        sparse_finish(&flood->sparse);
        pages_unmap(flood->work, flood->blocks->count * sizeof *flood->work);
    }
}

int flood_run(struct flood_request *request)
{
    if (request->blocks->count == 0)
        return 0;
    struct flood_threads threads = {.crew.roots = request->roots};
    uint32_t most = request->via != NULL ? 1 : request->threads;
    while (threads.count < most && threads.count < CREW_MOST && flood_prepare(&threads, request))
        ;
    if (threads.count == 0 && !flood_prepare(&threads, request))
        return -ENOMEM;
    uint32_t prepared = threads.count;
    for (uint32_t i = 0; prepared > 1 && i < prepared && request->memory != NULL; i++)
        sparse_open(&threads.floods[i].sparse);
    flood_set_shares(&threads);
    __asm__ volatile("" ::: "memory"); /* what we wrote into root values is in memory now */
    flood_all(&threads);
    if (flood_begin_doubtful(&threads))
        flood_all(&threads);
    flood_finish(&threads, prepared);
    return 0;
}
