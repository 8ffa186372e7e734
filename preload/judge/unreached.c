/* Merges the list of this collection with that of the one before; see unreached.h. */
#include "unreached.h"

#include "../record/ledger.h"

enum { UNREACHED_POSSIBLE = 1 };

void unreached_begin(struct unreached *unreached, const struct history_request *request)
{
    *unreached = (struct unreached){.request = request};
    if (request->history == NULL)
        return;
    struct history_unreached *lists = &request->history->unreached;
    unreached->lists = lists;
    unreached->old = lists->now;
    /* Births fall when they are renumbered, once in a thousand collections; then the list is old.
     */
    unreached->old_is_valid =
        lists->births[lists->now] != 0 && lists->births[lists->now] < ledger_birth_now();
    lists->counts[!lists->now] = 0;
}

/* The entry of the collection before for the same block: one that lived there then. */
static const struct history_block *unreached_before(struct unreached *unreached,
                                                    const struct blocks_found *found)
{
    if (!unreached->old_is_valid)
        return NULL;
    const struct history_unreached *lists = unreached->lists;
    const struct history_block *blocks = lists->blocks[unreached->old];
    size_t count = lists->counts[unreached->old];
    while (unreached->at < count && (blocks[unreached->at].start & ~15ull) < found->start)
        unreached->at++;
    if (unreached->at == count || (blocks[unreached->at].start & ~15ull) != found->start)
        return NULL;
    bool lived = ledger_word_birth(found->word) < lists->births[unreached->old];
    return lived ? &blocks[unreached->at] : NULL;
}

void unreached_add(struct unreached *unreached, const struct blocks_found *found)
{
    struct history_unreached *lists = unreached->lists;
    if (lists == NULL || lists->counts[!unreached->old] == HISTORY_UNREACHED)
        return;
    const struct history_request *request = unreached->request;
    uint64_t key = found->start | (mark_fate(found) == MARK_POSSIBLE ? UNREACHED_POSSIBLE : 0);
    struct history_block entry = {
        .start = key, .since_ns = request->at_ns, .since = request->collection, .times = 1};
    const struct history_block *before = unreached_before(unreached, found);
    if (before != NULL && before->start == key) {
        entry = *before;
        entry.times++;
    } else if (before != NULL) { /* it was possible and is lost now, or the other way round */
        entry.last_reached = (before->start & UNREACHED_POSSIBLE) != 0
                                 ? lists->collection[unreached->old]
                                 : before->last_reached;
    } else if (lists->births[unreached->old] != 0 &&
               (!unreached->old_is_valid ||
                ledger_word_birth(found->word) < lists->births[unreached->old])) {
        entry.last_reached = lists->collection[unreached->old];
    }
    lists->blocks[!unreached->old][lists->counts[!unreached->old]++] = entry;
}

struct history_block unreached_find(const struct unreached *unreached, uintptr_t start)
{
    const struct history_unreached *lists = unreached->lists;
    struct history_block unknown = {.start = start,
                                    .since_ns = unreached->request->at_ns,
                                    .since = unreached->request->collection,
                                    .times = 1};
    if (lists == NULL)
        return unknown;
    const struct history_block *blocks = lists->blocks[!unreached->old];
    size_t low = 0;
    size_t high = lists->counts[!unreached->old];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if ((blocks[middle].start & ~15ull) < start)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < lists->counts[!unreached->old] && (blocks[low].start & ~15ull) == start;
    return found ? blocks[low] : unknown;
}

bool unreached_is_confirmed(const struct unreached *unreached, const struct history_block *block)
{
    return unreached->request->is_last || block->times >= unreached->request->confirm;
}

void unreached_end(struct unreached *unreached)
{
    struct history_unreached *lists = unreached->lists;
    if (lists == NULL)
        return;
    lists->births[!unreached->old] = ledger_birth_now();
    lists->collection[!unreached->old] = unreached->request->collection;
    __atomic_store_n(&lists->now, !unreached->old, __ATOMIC_RELEASE);
}
