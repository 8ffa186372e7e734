/*
 * Holders; see holders.h.
 *
 * Samples of a site differ in what points at the block: a root, or blocks of which call path. The
 * first block by address stands for all that are held alike; these are counted.
 */
#include "holders.h"

#include <errno.h>
#include <string.h>

#include "../base/pages.h"
#include "../mark/root_name.h"

enum { HOLDERS_ROOT = UINT32_MAX };

struct holders_sample {
    uintptr_t start; /* of the block; 0: not used yet */
    uint64_t blocks;
    uint32_t way; /* stack of the blocks that hold it, or HOLDERS_ROOT */
};

struct holders_site {
    struct holders_sample samples[JUDGE_HOLDER_SAMPLES];
};

struct holders {
    const struct mark_result *mark;
    struct judge_result *result;
    struct holders_site *sites; /* by stack */
    size_t count;               /* samples in all */
    struct leakfile_hop *hops;
    size_t hop_count;
    char *names;
    size_t name_bytes;
};

/* Where the word is that first led to a block. */
static uintptr_t holders_via(const struct mark_result *mark, const struct blocks_found *found)
{
    return mark->via[blocks_number(found)];
}

static void holders_sample(struct holders *holders, const struct blocks_found *found)
{
    struct blocks_found holder;
    uint32_t way = HOLDERS_ROOT;
    if (blocks_find(&holders->mark->blocks, holders_via(holders->mark, found), &holder))
        way = ledger_word_stack(holder.word);
    struct holders_site *site = &holders->sites[ledger_word_stack(found->word)];
    for (size_t i = 0; i < JUDGE_HOLDER_SAMPLES; i++) {
        struct holders_sample *sample = &site->samples[i];
        if (sample->start != 0 && sample->way != way)
            continue;
        if (sample->start == 0) {
            *sample = (struct holders_sample){found->start, 0, way};
            holders->count++;
        }
        sample->blocks++;
        return;
    }
}

/* Writes the hops from the root's side on, and returns the address of the root's word. */
static uintptr_t holders_follow(struct holders *holders, struct blocks_found found,
                                struct leakfile_holder *holder)
{
    const struct mark_result *mark = holders->mark;
    struct leakfile_hop *hops = holders->hops + holders->hop_count;
    uintptr_t via = holders_via(mark, &found);
    holder->flags = 0;
    size_t count = 0;
    struct blocks_found last = found;
    for (size_t steps = 0; steps < mark->blocks.count; steps++) {
        if (!blocks_find(&mark->blocks, via, &found))
            break;
        last = found;
        /* A ring of hops, so that of a long way those nearest to the root stay. */
        hops[count++ % JUDGE_HOPS_MAX] =
            (struct leakfile_hop){found.bytes, via - found.start, ledger_word_stack(found.word), 0};
        via = holders_via(mark, &last);
    }
    size_t kept = count < JUDGE_HOPS_MAX ? count : JUDGE_HOPS_MAX;
    struct leakfile_hop ordered[JUDGE_HOPS_MAX];
    for (size_t i = 0; i < kept; i++)
        ordered[i] = hops[(count - 1 - i) % JUDGE_HOPS_MAX];
    memcpy(hops, ordered, kept * sizeof *hops);
    holder->hops = (uint32_t)kept;
    holders->hop_count += kept;
    return via;
}

static void holders_write(struct holders *holders, uint32_t stack, uint32_t number)
{
    const struct holders_sample *sample = &holders->sites[stack].samples[number];
    struct blocks_found found;
    if (!blocks_find(&holders->mark->blocks, sample->start, &found))
        return;
    struct judge_holder *holder = &holders->result->holders[holders->result->holder_count++];
    holder->hops = holders->hops + holders->hop_count;
    holder->name = holders->names + holders->name_bytes;
    uintptr_t address = holders_follow(holders, found, &holder->fixed);
    struct root_name name;
    root_name_find(holders->mark, address, &name);
    memcpy(holders->names + holders->name_bytes, name.name, name.name_bytes);
    holders->name_bytes += name.name_bytes;
    holder->fixed = (struct leakfile_holder){.stack = stack,
                                             .sample = number,
                                             .root = name.root,
                                             .thread = name.thread,
                                             .module = name.module,
                                             .hops = holder->fixed.hops,
                                             .name_bytes = name.name_bytes,
                                             .flags = mark_fate(&found) == MARK_POSSIBLE,
                                             .address = name.address,
                                             .offset = name.offset,
                                             .pc = name.pc,
                                             .block_bytes = found.bytes,
                                             .block_address = found.start,
                                             .blocks = sample->blocks};
}

static void *holders_map(struct judge_result *result, size_t bytes)
{
    void *memory = pages_map(bytes);
    if (memory != NULL)
        result->memory[result->memory_count++] = (struct judge_memory){memory, bytes};
    return memory;
}

static int holders_write_all(struct holders *holders, uint32_t stack_max)
{
    struct judge_result *result = holders->result;
    result->holders = holders_map(result, (holders->count + 1) * sizeof *result->holders);
    /* One way more than there are samples: a way is written there before it is cut. */
    holders->hops =
        holders_map(result, (holders->count + 1) * JUDGE_HOPS_MAX * sizeof *holders->hops);
    holders->names = holders_map(result, (holders->count + 1) * JUDGE_NAME_BYTES);
    if (result->holders == NULL || holders->hops == NULL || holders->names == NULL)
        return -ENOMEM;
    for (uint32_t stack = 0; stack <= stack_max; stack++)
        for (uint32_t i = 0; i < JUDGE_HOLDER_SAMPLES; i++)
            if (holders->sites[stack].samples[i].start != 0)
                holders_write(holders, stack, i);
    return 0;
}

int holders_find(const struct mark_result *mark, uint32_t stack_max, const uint8_t *wanted,
                 struct judge_result *result)
{
    if (mark->via == NULL)
        return 0;
    size_t site_bytes = ((size_t)stack_max + 1) * sizeof(struct holders_site);
    struct holders holders = {.mark = mark, .result = result, .sites = pages_map(site_bytes)};
    if (holders.sites == NULL)
        return -ENOMEM;
    struct blocks_cursor cursor = {0};
    struct blocks_found found;
    while (blocks_next(&mark->blocks, &cursor, &found))
        if (mark_fate(&found) != MARK_UNREACHED && !ledger_word_is_inherited(found.word) &&
            (wanted == NULL || wanted[ledger_word_stack(found.word)] != 0))
            holders_sample(&holders, &found);
    int error = holders_write_all(&holders, stack_max);
    pages_unmap(holders.sites, site_bytes);
    return error;
}
