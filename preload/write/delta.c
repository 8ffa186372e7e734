/* Which changes are worth their bytes; see delta.h. A table with open addressing, never emptied: a
 * finding that is gone may come back. */
#include "delta.h"

#include <string.h>

#include "../base/pages.h"

struct delta *delta_map(void)
{
    struct delta *delta = pages_map_shared(sizeof *delta);
    if (delta != NULL)
        delta->saved_bytes = DELTA_SAVED;
    return delta;
}

void delta_unmap(struct delta *delta)
{
    if (delta != NULL)
        pages_unmap(delta, sizeof *delta);
}

void delta_forget(struct delta *delta)
{
    if (delta == NULL)
        return;
    memset(delta->slots, 0, sizeof delta->slots);
    memset(delta->entries, 0, delta->count * sizeof *delta->entries);
    delta->count = 0;
}

void delta_begin(struct delta *delta, struct delta_round round)
{
    if (delta == NULL)
        return;
    delta->round++;
    delta->is_exact = round.is_exact;
    delta->is_whole_growth = round.has_growth;
    delta->is_whole_rest = round.has_findings;
    delta->saved_bytes += DELTA_EARNED;
    if (delta->saved_bytes > DELTA_SAVED)
        delta->saved_bytes = DELTA_SAVED;
}

static bool delta_is_same(const struct leakfile_finding *a, const struct leakfile_finding *b)
{
    return a->stack == b->stack && a->kind == b->kind && a->flags == b->flags;
}

/* The entry of a finding's key; a fresh one, zeroed but for the key, where there was none; NULL
 * when the table is full. */
static struct delta_entry *delta_find(struct delta *delta, const struct leakfile_finding *finding)
{
    uint64_t key = (uint64_t)finding->stack << 32 | finding->kind << 4 | finding->flags;
    uint32_t at = (uint32_t)(key * 0x9E3779B97F4A7C15u >> 32) % DELTA_SLOTS;
    for (; delta->slots[at] != 0; at = (at + 1) % DELTA_SLOTS)
        if (delta_is_same(&delta->entries[delta->slots[at] - 1].finding, finding))
            return &delta->entries[delta->slots[at] - 1];
    if (delta->count == DELTA_ENTRIES)
        return NULL;
    delta->slots[at] = ++delta->count;
    struct delta_entry *entry = &delta->entries[delta->count - 1];
    entry->finding = (struct leakfile_finding){
        .stack = finding->stack, .kind = finding->kind, .flags = finding->flags};
    return entry;
}

/* The change that is worth its bytes now, as a part of the whole: 1/256, 1/64 …; 0: any. */
static uint64_t delta_part(const struct delta *delta)
{
    if (delta->is_exact || delta->saved_bytes > DELTA_SAVED / 2)
        return 0;
    if (delta->saved_bytes > DELTA_SAVED / 4)
        return 256;
    if (delta->saved_bytes > DELTA_SAVED / 8)
        return 64;
    return delta->saved_bytes > 0 ? 8 : 2;
}

static bool delta_differs(uint64_t was, uint64_t is, uint64_t part)
{
    uint64_t change = is > was ? is - was : was - is;
    return part == 0 ? change != 0 : change > was / part;
}

static bool delta_is_worth_it(const struct delta *delta, const struct leakfile_finding *was,
                              const struct leakfile_finding *is, bool is_new)
{
    uint64_t part = delta_part(delta);
    if (is->kind >= DELTA_KIND_OBJECTS)
        return part == 0 && was->bytes != is->bytes;
    if (was->blocks == 0 || is->blocks == 0)
        return is_new || delta->saved_bytes > 0 || delta->is_exact;
    return delta_differs(was->bytes, is->bytes, part) ||
           delta_differs(was->blocks, is->blocks, part) ||
           delta_differs(was->indirect_bytes, is->indirect_bytes, part) ||
           (part == 0 && was->first_seen != is->first_seen);
}

static void delta_pay(struct delta *delta, size_t bytes)
{
    delta->saved_bytes -= (int64_t)bytes;
}

bool delta_wants(struct delta *delta, const struct leakfile_finding *finding, size_t bytes)
{
    if (delta == NULL)
        return true;
    uint32_t known = delta->count;
    struct delta_entry *entry = delta_find(delta, finding);
    if (entry == NULL)
        return true;
    entry->met = delta->round;
    if (!delta_is_worth_it(delta, &entry->finding, finding, delta->count != known))
        return false;
    entry->finding = *finding;
    delta_pay(delta, bytes);
    return true;
}

/* Is a finding of this kind gone when this round did not meet it? */
static bool delta_may_go(const struct delta *delta, uint32_t kind)
{
    if (kind == LEAKFILE_KIND_GROWING || kind == LEAKFILE_KIND_SETTLING)
        return delta->is_whole_growth;
    return (kind == DELTA_KIND_EXTERNAL || kind < DELTA_KIND_HOLDER) && delta->is_whole_rest;
}

bool delta_next_gone(struct delta *delta, uint32_t *at, struct leakfile_finding *gone)
{
    for (; delta != NULL && *at < delta->count; ++*at) {
        struct delta_entry *entry = &delta->entries[*at];
        if (entry->met == delta->round || entry->finding.blocks == 0 ||
            !delta_may_go(delta, entry->finding.kind) ||
            (delta->saved_bytes <= 0 && !delta->is_exact))
            continue;
        entry->finding = (struct leakfile_finding){.stack = entry->finding.stack,
                                                   .kind = entry->finding.kind,
                                                   .flags = entry->finding.flags};
        *gone = entry->finding;
        delta_pay(delta, sizeof *gone);
        ++*at;
        return true;
    }
    return false;
}
