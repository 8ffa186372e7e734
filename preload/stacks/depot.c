/*
 * The depot of call paths; see depot.h.
 *
 * The map is a uthash under one lock. In front of it stands a table that is read without the lock,
 * of the call paths that were asked for lately: a path that is known costs no lock.
 */
#include "depot.h"

#include <string.h>

#include "../base/hash.h"
#include "../base/lock.h"
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
    RECENT_BITS_FIRST = 10,
    RECENT_BITS_LAST = 22, /* 32 MB, in a program with millions of call paths */
    RECENT_PROBES = 4
};

/* What makes call paths differ stands first in the key: epoch and flags, then the addresses. */
struct depot_node {
    struct depot_stack stack;
    UT_hash_handle hh;
    uint64_t key[];
};

/* Each word is the upper 40 bits of a path's hash and its id; 0 is none. */
struct depot_recent {
    uint64_t bits;
    uint64_t words[];
};

struct depot_path {
    uint64_t head; /* key[0] */
    uint64_t hash;
    const uintptr_t *pcs;
    uint32_t frames;
    uint32_t flags;
    uint64_t epoch;
};

static struct lock depot_lock;
/* Written under depot_lock; read without it, as far as depot_ids says. */
static struct depot_node **depot_leaves[DEPOT_LEAVES];
static uint32_t depot_ids;                /* atomic */
static uint32_t depot_full;               /* atomic */
static struct depot_recent *depot_recent; /* atomic; outgrown tables stay mapped for readers */
/* Under depot_lock. */
static struct depot_node *depot_map;
static char *depot_at; /* room for nodes */
static char *depot_end;
static size_t depot_chunk = DEPOT_CHUNK_FIRST;
static struct lock_hold depot_fork_hold;

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
    return depot_leaves[id >> DEPOT_LEAF_BITS][id & (DEPOT_LEAF_IDS - 1)];
}

static bool node_is_path(const struct depot_node *node, const struct depot_path *path)
{
    return node != NULL && node->key[0] == path->head && node->stack.frames == path->frames &&
           memcmp(&node->key[1], path->pcs, path->frames * sizeof *path->pcs) == 0;
}

static uint32_t recent_find(const struct depot_path *path)
{
    const struct depot_recent *recent = __atomic_load_n(&depot_recent, __ATOMIC_ACQUIRE);
    if (recent == NULL)
        return 0;
    uint64_t first = path->hash >> (64 - recent->bits);
    for (unsigned i = 0; i < RECENT_PROBES; i++) {
        uint64_t word = __atomic_load_n(&recent->words[first ^ i], __ATOMIC_ACQUIRE);
        uint32_t id = (uint32_t)(word & DEPOT_STACKS_MAX);
        if ((word ^ path->hash) >> DEPOT_ID_BITS == 0 && node_is_path(node_of(id), path))
            return id;
    }
    return 0;
}

/* Four times the room, or the first table. Nothing is copied: what is asked for again comes back.
 */
static void recent_grow_locked(void)
{
    const struct depot_recent *old = depot_recent;
    uint64_t bits = old == NULL ? RECENT_BITS_FIRST : old->bits + 2;
    struct depot_recent *larger = pages_map(sizeof *larger + (sizeof larger->words[0] << bits));
    if (larger == NULL)
        return;
    larger->bits = bits;
    __atomic_store_n(&depot_recent, larger, __ATOMIC_RELEASE);
}

static void recent_put_locked(uint64_t hash, uint32_t id)
{
    struct depot_recent *recent = depot_recent;
    if (recent == NULL || (depot_ids > 1u << (recent->bits - 1) && recent->bits < RECENT_BITS_LAST))
        recent_grow_locked();
    recent = depot_recent;
    if (recent == NULL)
        return;
    uint64_t *words = &recent->words[hash >> (64 - recent->bits)];
    uintptr_t place = (uintptr_t)(words - recent->words);
    uint64_t word = (hash & ~(uint64_t)DEPOT_STACKS_MAX) | id;
    for (uintptr_t i = 0; i < RECENT_PROBES; i++) {
        if (recent->words[place ^ i] != 0)
            continue;
        __atomic_store_n(&recent->words[place ^ i], word, __ATOMIC_RELEASE);
        return;
    }
    __atomic_store_n(words, word, __ATOMIC_RELEASE);
}

/* A node filled with the path, at the place where the next one will lie; kept by node_keep. */
static struct depot_node *node_draft_locked(const struct depot_path *path)
{
    size_t key_bytes = (path->frames + 1) * sizeof(uint64_t);
    if ((size_t)(depot_end - depot_at) < sizeof(struct depot_node) + key_bytes) {
        char *fresh = pages_map(depot_chunk);
        if (fresh == NULL)
            return NULL;
        depot_at = fresh;
        depot_end = fresh + depot_chunk;
        if (depot_chunk < DEPOT_CHUNK_LARGEST)
            depot_chunk *= 2;
    }
    struct depot_node *node = (struct depot_node *)depot_at;
    node->key[0] = path->head;
    memcpy(&node->key[1], path->pcs, path->frames * sizeof *path->pcs);
    node->stack = (struct depot_stack){.flags = path->flags,
                                       .frames = path->frames,
                                       .hash = (uint32_t)(path->hash >> 32),
                                       .epoch = path->epoch,
                                       .pcs = (const uintptr_t *)&node->key[1]};
    return node;
}

/* Gives the draft the next id and makes it known. Returns the id or 0. */
static uint32_t node_keep_locked(struct depot_node *node, size_t key_bytes)
{
    uint32_t id = depot_ids + 1;
    struct depot_node ***leaf = &depot_leaves[id >> DEPOT_LEAF_BITS];
    if (*leaf == NULL)
        *leaf = pages_map(DEPOT_LEAF_IDS * sizeof **leaf);
    if (*leaf == NULL)
        return 0;
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, depot_map, node->key, (unsigned)key_bytes, node->stack.hash,
                                node);
    if (node->hh.tbl == NULL)
        return 0;
    depot_at += (sizeof *node + key_bytes + 15) & ~(size_t)15;
    if (depot_at > depot_end)
        depot_at = depot_end;
    node->stack.id = id;
    (*leaf)[id & (DEPOT_LEAF_IDS - 1)] = node;
    __atomic_store_n(&depot_ids, id, __ATOMIC_RELEASE);
    return id;
}

static __attribute__((noinline)) uint32_t depot_add_slow(const struct depot_path *path)
{
    LOCK_HELD(&depot_lock);
    struct depot_node *draft = node_draft_locked(path);
    size_t key_bytes = (path->frames + 1) * sizeof(uint64_t);
    uint32_t id = 0;
    if (draft != NULL) {
        struct depot_node *found = NULL;
        HASH_FIND_BYHASHVALUE(hh, depot_map, draft->key, (unsigned)key_bytes, draft->stack.hash,
                              found);
        if (found != NULL)
            id = found->stack.id;
        else if (depot_ids < DEPOT_STACKS_MAX)
            id = node_keep_locked(draft, key_bytes);
    }
    if (id == 0)
        __atomic_store_n(&depot_full, 1, __ATOMIC_RELAXED);
    else
        recent_put_locked(path->hash, id);
    return id;
}

uint32_t depot_add(const uintptr_t *pcs, uint32_t frames, uint32_t flags)
{
    struct depot_path path = {.pcs = pcs, .frames = frames, .flags = flags};
    path.epoch = modules_epoch_of(pcs, frames);
    path.head = path.epoch << (64 - MODULES_EPOCH_BITS) | (flags & ~(uint32_t)LEAKFILE_STACK_ODD);
    path.hash = path_hash(&path);
    uint32_t id = recent_find(&path);
    return id != 0 ? id : depot_add_slow(&path);
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

void depot_fork_prepare(void)
{
    struct lock_hold hold = lock_hold(&depot_lock);
    depot_fork_hold = hold;
}

void depot_fork_done(void)
{
    struct lock_hold hold = depot_fork_hold;
    lock_release(&hold);
}

/* Another thread of the parent may have been in the middle of the map: a new one is begun, and the
 * room for nodes is left where it is. Ids that were given stay; a path that is asked for again may
 * get a second one. */
void depot_fork_unprepared(void)
{
    if (lock_try(&depot_lock)) {
        lock_drop(&depot_lock);
        return;
    }
    depot_map = NULL;
    depot_at = depot_end;
    lock_drop(&depot_lock);
}
