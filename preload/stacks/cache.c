/*
 * The validated cache; see cache.h.
 *
 * When there is no room all is forgotten and, up to a limit, the room is made larger: what is asked
 * for again comes back for one walk, and no node is ever replaced that another one continues with.
 */
#include "cache.h"

#include <stddef.h>
#include <string.h>

#include "../base/pages.h"
#include "../base/sys.h"
#include "modules.h"

enum {
    CACHE_SETS_FIRST = 32,
    CACHE_SETS_SMALL = 512, /* about 300 KB; beyond that only where it was not enough for long */
    CACHE_SETS_LAST = 8192,
    CACHE_REFILLS_SMALL = 3,
    CACHE_LINES_A_SET = 8, /* for four nodes of eight ways, so that few are driven out */
    CACHE_CAPTURES_FIRST = 32,
    CACHE_CAPTURES_TAKEN = 4096, /* then its user is taken for gone, by longjmp out of a handler */
    CACHE_KNOWN_MAX = 8192,
    CACHE_PROBES = 4
};

_Static_assert(CACHE_SETS_LAST *CACHE_WAYS <= 1 << (32 - CACHE_KEY_SHIFT), "bits enough");
_Static_assert(sizeof(struct cache) % _Alignof(struct cache_node) == 0, "nodes are aligned");
_Static_assert(CACHE_SETS_FIRST *CACHE_WAYS * sizeof(uint32_t) % _Alignof(struct cache_node) == 0,
               "nodes are aligned");

_Thread_local struct cache_self cache_self;

/* All caches there are. A place is its owner's: only that thread changes `cache`. */
struct cache_place {
    struct cache *cache;
    int owner; /* tid; 0: never used; atomic */
};

static struct cache_place *caches; /* set once by cache_start */
static uint32_t caches_count;      /* atomic; may count beyond CACHE_KNOWN_MAX */
static uint32_t caches_cursor;     /* atomic */
static int caches_pid;             /* set by cache_start and in forked children */

bool cache_start(void)
{
    if (cache_self.made != NULL)
        cache_empty(cache_self.made);
    if (caches != NULL)
        return true;
    caches_pid = sys_getpid();
    caches = pages_map(CACHE_KNOWN_MAX * sizeof *caches);
    return caches != NULL;
}

void cache_forked(void)
{
    caches_pid = sys_getpid();
    if (cache_self.made != NULL)
        __atomic_store_n(&caches[cache_self.made->place].owner, sys_gettid(), __ATOMIC_RELEASE);
}

void cache_empty(struct cache *cache)
{
    uint32_t none = (uint32_t)offsetof(struct cache, none);
    for (uint32_t i = 0; i <= cache->trees_mask; i++)
        cache->trees[i] = none;
    size_t index_bytes = (cache->index_mask + 1) * CACHE_WAYS * sizeof(uint32_t);
    memset((char *)cache + cache->index_at, 0, index_bytes);
    cache->used = cache->index_at + (uint32_t)index_bytes;
    cache->generation = modules_generation();
    last_forget(&cache->last);
}

/* An empty cache of so many sets, or NULL. */
static struct cache *cache_map(uint32_t sets)
{
    uint32_t table_bytes = sets * CACHE_WAYS * (uint32_t)sizeof(uint32_t);
    uint32_t nodes_bytes = sets * CACHE_LINES_A_SET * (uint32_t)sizeof(struct cache_node);
    uint32_t index_at = (uint32_t)sizeof(struct cache) + table_bytes;
    uint32_t bytes = index_at + table_bytes + nodes_bytes;
    struct cache *cache = pages_map(bytes);
    if (cache == NULL)
        return NULL;
    cache->trees_mask = sets * CACHE_WAYS - 1;
    cache->index_mask = sets - 1;
    cache->index_at = index_at;
    cache->bytes = bytes;
    cache_empty(cache);
    return cache;
}

/* The place of a thread that has ended, among a few that the cursor passes; or NULL. In a child
 * that no fork handler ran for, nobody's end is known. */
static struct cache_place *place_recycle(int tid)
{
    uint32_t known = __atomic_load_n(&caches_count, __ATOMIC_RELAXED);
    if (known > CACHE_KNOWN_MAX)
        known = CACHE_KNOWN_MAX;
    for (int i = 0; i < CACHE_PROBES && known > 0 && sys_getpid() == caches_pid; i++) {
        uint32_t at = __atomic_fetch_add(&caches_cursor, 1, __ATOMIC_RELAXED) % known;
        struct cache_place *place = &caches[at];
        int owner = __atomic_load_n(&place->owner, __ATOMIC_ACQUIRE);
        if (owner != tid && owner != 0 && sys_call(SYS_tgkill, caches_pid, owner, 0) < 0 &&
            __atomic_compare_exchange_n(&place->owner, &owner, tid, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return place;
    }
    return NULL;
}

static struct cache *cache_make(void)
{
    int tid = sys_gettid();
    struct cache_place *place = place_recycle(tid);
    if (place != NULL && place->cache != NULL) {
        pages_unmap(place->cache, place->cache->bytes);
        place->cache = NULL;
    } else if (place == NULL) {
        uint32_t at = __atomic_fetch_add(&caches_count, 1, __ATOMIC_RELAXED);
        if (at >= CACHE_KNOWN_MAX)
            return NULL;
        place = &caches[at];
    }
    struct cache *cache = cache_map(CACHE_SETS_FIRST);
    if (cache == NULL)
        return NULL;
    cache->place = (uint32_t)(place - caches);
    cache->is_of_main = tid == sys_getpid();
    place->cache = cache;
    __atomic_store_n(&place->owner, tid, __ATOMIC_RELEASE);
    return cache;
}

struct cache *cache_take(void)
{
    struct cache_self *self = &cache_self;
    self->generation = 0;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    /* At once: a handler in between could give another one back and unmap this. */
    struct cache *cache = __atomic_exchange_n(&self->ready, NULL, __ATOMIC_RELAXED);
    struct cache *aside = __atomic_exchange_n(&self->aside, NULL, __ATOMIC_RELAXED);
    if (cache == NULL)
        cache = aside;
    self->generation = 0;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (cache != NULL)
        return cache;
    uint32_t patience = self->made == NULL ? CACHE_CAPTURES_FIRST : CACHE_CAPTURES_TAKEN;
    if (++self->without < patience || caches == NULL)
        return NULL;
    self->without = 0;
    cache = cache_make();
    if (cache != NULL)
        self->made = cache;
    return cache;
}

void cache_give(struct cache *cache, bool is_ready)
{
    uint32_t generation = cache->generation;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (!is_ready || cache_self.is_shut) {
        cache_self.aside = cache;
        return;
    }
    cache_self.trees_mask = cache->trees_mask;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    cache_self.ready = cache; /* from here on a handler may replace it: it is not read any more */
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    cache_self.generation = generation;
}

struct cache *cache_make_room(struct cache *cache)
{
    uint32_t sets = cache->index_mask + 1;
    struct cache *larger = NULL;
    cache->refills++;
    if (sets < CACHE_SETS_SMALL ||
        (sets < CACHE_SETS_LAST && cache->refills >= CACHE_REFILLS_SMALL))
        larger = cache_map(sets * 4);
    if (larger == NULL) {
        cache_empty(cache);
        return cache;
    }
    larger->refills = cache->refills;
    larger->place = cache->place;
    larger->is_of_main = cache->is_of_main;
    caches[cache->place].cache = larger;
    if (cache_self.made == cache)
        cache_self.made = larger;
    pages_unmap(cache, cache->bytes);
    return larger;
}
