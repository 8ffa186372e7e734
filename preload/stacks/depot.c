/*
 * The depot of call paths; see depot.h.
 *
 * The nodes in the order of their ids are a list that only grows: whoever puts a node behind its
 * end gives it its id. Tables lead from a path's hash to its id. All nodes up to depot_ids are in
 * the tables; what comes behind is told there by whoever meets it first, so that nobody waits for a
 * thread that was stopped halfway, nor for the call that a signal handler interrupted.
 */
#include "depot.h"

#include <string.h>

#include "../base/pages.h"
#include "../leakfile.h"
#include "modules.h"

enum {
    DEPOT_LEAF_BITS = 12, /* ids to nodes in two levels */
    DEPOT_LEAF_IDS = 1 << DEPOT_LEAF_BITS,
    DEPOT_LEAVES = (DEPOT_STACKS_MAX >> DEPOT_LEAF_BITS) + 1,
    DEPOT_CHUNK_FIRST = 64 << 10,
    DEPOT_CHUNK_LARGEST = 4 << 20,
    DEPOT_ID_BITS = 24,
    TABLES = 9, /* enough for all ids */
    TABLE_BITS_FIRST = 10
};

struct depot_node {
    struct depot_stack stack;
    uint64_t head; /* what makes paths differ besides their addresses: epoch and flags */
    uint64_t hash;
    uintptr_t pcs[];
};

/* At the start of pages, nodes behind it. */
struct depot_chunk {
    uint64_t bytes;
    uint64_t used; /* atomic; may count beyond `bytes` */
};

/* A path that is looked for. */
struct depot_path {
    uint64_t head;
    uint64_t hash;
    const uintptr_t *pcs;
    uint32_t frames;
    uint32_t flags;
    uint64_t epoch;
};

/* All atomic, and none ever goes back to what it was. */
static struct depot_node **depot_leaves[DEPOT_LEAVES];
static uint64_t *depot_tables[TABLES]; /* each four times as large as the one before; a word is the
                                          upper 40 bits of a hash, and an id; 0: none */
static uint32_t depot_ids;
static uint32_t depot_full;
static struct depot_chunk *depot_chunk;

static uint64_t path_hash(const struct depot_path *path)
{
    uint64_t hash = path->head ^ path->frames;
    for (uint32_t i = 0; i < path->frames; i++) {
        hash = (hash ^ path->pcs[i]) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
    }
    return hash * 0xBF58476D1CE4E5B9u;
}

static struct depot_node *node_of(uint32_t id)
{
    if (id == 0 || id > __atomic_load_n(&depot_ids, __ATOMIC_ACQUIRE))
        return NULL;
    struct depot_node **leaf =
        __atomic_load_n(&depot_leaves[id >> DEPOT_LEAF_BITS], __ATOMIC_ACQUIRE);
    return __atomic_load_n(&leaf[id & (DEPOT_LEAF_IDS - 1)], __ATOMIC_ACQUIRE);
}

static bool node_is_path(const struct depot_node *node, const struct depot_path *path)
{
    return node != NULL && node->head == path->head && node->stack.frames == path->frames &&
           memcmp(node->pcs, path->pcs, path->frames * sizeof *path->pcs) == 0;
}

/* A table's words are named by so many bits. */
static unsigned table_bits(unsigned table)
{
    return TABLE_BITS_FIRST + 2 * table;
}

/* The table that an id is told in: each takes half as many as it has words. */
static unsigned table_of(uint32_t id)
{
    unsigned table = 0;
    uint32_t rest = id - 1;
    while (rest >= 1u << (table_bits(table) - 1))
        rest -= 1u << (table_bits(table++) - 1);
    return table;
}

/* The pages that `place` leads to, mapped where there are none yet; NULL without memory. */
static void *pages_at(void *place, size_t bytes)
{
    void **pages = place;
    void *there = __atomic_load_n(pages, __ATOMIC_ACQUIRE);
    if (there != NULL)
        return there;
    void *fresh = pages_map(bytes);
    if (fresh == NULL || __atomic_compare_exchange_n(pages, &there, fresh, false, __ATOMIC_ACQ_REL,
                                                     __ATOMIC_ACQUIRE))
        return fresh;
    pages_unmap(fresh, bytes);
    return there;
}

/* Of the paths up to the id `last`; 0 where there is none. */
static uint32_t path_find(const struct depot_path *path, uint32_t last)
{
    for (unsigned table = last == 0 ? 0 : table_of(last) + 1; table-- > 0;) {
        const uint64_t *words = __atomic_load_n(&depot_tables[table], __ATOMIC_ACQUIRE);
        unsigned bits = table_bits(table);
        uint64_t at = path->hash >> (64 - bits);
        for (uint64_t word; (word = __atomic_load_n(&words[at], __ATOMIC_ACQUIRE)) != 0;
             at = (at + 1) & ((1ull << bits) - 1))
            if ((word ^ path->hash) >> DEPOT_ID_BITS == 0 &&
                node_is_path(node_of((uint32_t)(word & DEPOT_STACKS_MAX)), path))
                return (uint32_t)(word & DEPOT_STACKS_MAX);
    }
    return 0;
}

/* Tells of the node behind all that were told, if nobody has yet. */
static void node_tell(const struct depot_node *node, uint32_t id)
{
    unsigned table = table_of(id);
    uint64_t *words = __atomic_load_n(&depot_tables[table], __ATOMIC_ACQUIRE);
    uint64_t mask = (1ull << table_bits(table)) - 1;
    uint64_t word = (node->hash & ~(uint64_t)DEPOT_STACKS_MAX) | id;
    uint64_t there = 0;
    for (uint64_t at = node->hash >> (64 - table_bits(table)); there != word;
         at = (at + 1) & mask) {
        there = 0;
        if (__atomic_compare_exchange_n(&words[at], &there, word, false, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED))
            break;
    }
    uint32_t before = id - 1;
    __atomic_compare_exchange_n(&depot_ids, &before, id, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

static void *chunk_take(size_t bytes)
{
    for (;;) {
        struct depot_chunk *chunk = __atomic_load_n(&depot_chunk, __ATOMIC_ACQUIRE);
        uint64_t larger = DEPOT_CHUNK_FIRST;
        if (chunk != NULL) {
            uint64_t at = __atomic_fetch_add(&chunk->used, bytes, __ATOMIC_RELAXED);
            if (at + bytes <= chunk->bytes)
                return (char *)chunk + at;
            larger = chunk->bytes < DEPOT_CHUNK_LARGEST ? chunk->bytes * 2 : chunk->bytes;
        }
        struct depot_chunk *fresh = pages_map(larger);
        if (fresh == NULL)
            return NULL;
        *fresh = (struct depot_chunk){larger, sizeof *fresh};
        if (!__atomic_compare_exchange_n(&depot_chunk, &chunk, fresh, false, __ATOMIC_ACQ_REL,
                                         __ATOMIC_RELAXED))
            pages_unmap(fresh, larger);
    }
}

/* A node that nobody else knows; what it takes stays taken. NULL without memory. */
static struct depot_node *node_make(const struct depot_path *path)
{
    size_t pcs_bytes = path->frames * sizeof *path->pcs;
    struct depot_node *node = chunk_take((sizeof *node + pcs_bytes + 15) & ~(size_t)15);
    if (node == NULL)
        return NULL;
    memcpy(node->pcs, path->pcs, pcs_bytes);
    node->head = path->head;
    node->hash = path->hash;
    node->stack = (struct depot_stack){
        .flags = path->flags, .frames = path->frames, .epoch = path->epoch, .pcs = node->pcs};
    return node;
}

/* Where the node of this id is to stand; NULL when there are no more ids, or no memory to tell of
 * one. */
static struct depot_node **node_place(uint32_t id)
{
    if (id > DEPOT_STACKS_MAX ||
        pages_at(&depot_tables[table_of(id)], sizeof(uint64_t) << table_bits(table_of(id))) == NULL)
        return NULL;
    struct depot_node **leaf =
        pages_at(&depot_leaves[id >> DEPOT_LEAF_BITS], DEPOT_LEAF_IDS * sizeof *leaf);
    return leaf == NULL ? NULL : &leaf[id & (DEPOT_LEAF_IDS - 1)];
}

uint32_t depot_add(const uintptr_t *pcs, uint32_t frames, uint32_t flags)
{
    struct depot_path path = {.pcs = pcs, .frames = frames, .flags = flags};
    path.epoch = modules_epoch_of(pcs, frames);
    path.head = path.epoch << (64 - MODULES_EPOCH_BITS) | (flags & ~(uint32_t)LEAKFILE_STACK_ODD);
    path.hash = path_hash(&path);
    struct depot_node *node = NULL;
    for (;;) {
        uint32_t last = __atomic_load_n(&depot_ids, __ATOMIC_ACQUIRE);
        uint32_t id = path_find(&path, last);
        if (id != 0)
            return id;
        id = last + 1;
        struct depot_node **place = node_place(id);
        if (place != NULL && node == NULL)
            node = node_make(&path);
        if (place == NULL || node == NULL) {
            __atomic_store_n(&depot_full, 1, __ATOMIC_RELAXED);
            return 0;
        }
        node->stack.id = id;
        struct depot_node *there = NULL;
        bool is_ours = __atomic_compare_exchange_n(place, &there, node, false, __ATOMIC_ACQ_REL,
                                                   __ATOMIC_ACQUIRE);
        node_tell(is_ours ? node : there, id);
        if (is_ours)
            return id;
    }
}

const struct depot_stack *depot_get(uint32_t id)
{
    const struct depot_node *node = node_of(id);
    return node == NULL ? NULL : &node->stack;
}

uint32_t depot_count(void)
{
    return __atomic_load_n(&depot_ids, __ATOMIC_ACQUIRE);
}

bool depot_is_full(void)
{
    return __atomic_load_n(&depot_full, __ATOMIC_RELAXED) != 0;
}
