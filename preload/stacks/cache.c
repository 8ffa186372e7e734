/*
 * The validated cache; see cache.h.
 *
 * Nodes that are the outer part of several paths exist once: the words of a path are cut into runs
 * from its outer end, and an equal run that continues the same way is shared. When there is no room
 * all is forgotten and, up to a limit, the room is made larger: what is asked for again comes back
 * for one walk, and no node is ever replaced that another one continues with.
 */
#include "cache.h"

#include <stddef.h>
#include <string.h>

#include "../base/pages.h"
#include "../base/sys.h"
#include "cfi.h"
#include "depot.h"
#include "modules.h"
#include "reach.h"

enum {
    CACHE_BYTES = 1 << 20,
    CACHE_SETS_FIRST = 64,
    CACHE_SETS_SMALL = 1024, /* 256 KB; beyond that only where that was not enough for long */
    CACHE_REFILLS_SMALL = 8,
    CACHE_NODES_A_SET = 2, /* of four ways, so that few are driven out */
    CACHE_CAPTURES_FIRST = 32,
    CACHE_CAPTURES_TAKEN = 4096, /* then its user is taken for gone, by longjmp out of a handler */
    CACHE_KNOWN_MAX = 8192,
    CACHE_PROBES = 4,
    CACHE_CROWD = 2 /* paths with one key in a set, before a wrapper is made of their frame */
};

_Static_assert(CACHE_SETS_LAST *CACHE_WAYS <= 1 << (32 - CACHE_KEY_SHIFT), "bits enough");
_Static_assert(sizeof(struct cache) % _Alignof(struct cache_node) == 0, "nodes follow at once");

_Thread_local struct cache_self cache_self;

/* All caches there are; set once by cache_start. Entries are set once, atomically. */
static struct cache **caches;
static uint32_t caches_count;  /* atomic; may count beyond CACHE_KNOWN_MAX */
static uint32_t caches_cursor; /* atomic */
static int caches_pid;         /* set by cache_start and in forked children */

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
        __atomic_store_n(&cache_self.made->owner, sys_gettid(), __ATOMIC_RELEASE);
}

static void cache_set_room(struct cache *cache, uint32_t sets)
{
    uint32_t limit =
        (uint32_t)(sizeof *cache + (sets * CACHE_NODES_A_SET + 1) * sizeof(struct cache_node));
    cache->recent_mask = sets * CACHE_WAYS - 1;
    cache->index_mask = (sets - 1) * CACHE_WAYS;
    cache->limit = limit < CACHE_BYTES ? limit : CACHE_BYTES;
}

void cache_empty(struct cache *cache)
{
    uint32_t none = (uint32_t)offsetof(struct cache, nodes);
    for (uint32_t i = 0; i < cache->index_mask + CACHE_WAYS; i++)
        cache->recent[i] = cache->index[i] = none;
    memset(&cache->nodes[0], 0, sizeof cache->nodes[0]);
    cache->used = none + (uint32_t)sizeof cache->nodes[0];
    cache->generation = modules_generation();
}

/* The cache of a thread that has ended, among a few that the cursor passes; or NULL. In a child
 * that no fork handler ran for, nobody's end is known. */
static struct cache *cache_recycle(int tid)
{
    uint32_t known = __atomic_load_n(&caches_count, __ATOMIC_RELAXED);
    if (known > CACHE_KNOWN_MAX)
        known = CACHE_KNOWN_MAX;
    for (int i = 0; i < CACHE_PROBES && known > 0 && sys_getpid() == caches_pid; i++) {
        uint32_t at = __atomic_fetch_add(&caches_cursor, 1, __ATOMIC_RELAXED) % known;
        struct cache *cache = __atomic_load_n(&caches[at], __ATOMIC_ACQUIRE);
        int owner = cache == NULL ? tid : __atomic_load_n(&cache->owner, __ATOMIC_RELAXED);
        if (owner != tid && owner != 0 && sys_call(SYS_tgkill, caches_pid, owner, 0) < 0 &&
            __atomic_compare_exchange_n(&cache->owner, &owner, tid, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return cache;
    }
    return NULL;
}

static struct cache *cache_make(void)
{
    int tid = sys_gettid();
    struct cache *cache = cache_recycle(tid);
    if (cache == NULL) {
        uint32_t at = __atomic_fetch_add(&caches_count, 1, __ATOMIC_RELAXED);
        cache = at < CACHE_KNOWN_MAX ? pages_map(CACHE_BYTES) : NULL;
        if (cache == NULL)
            return NULL;
        cache->owner = tid;
        __atomic_store_n(&caches[at], cache, __ATOMIC_RELEASE);
    }
    memset(cache->wrappers, 0, sizeof cache->wrappers);
    cache->refills = 0;
    cache->own_low = 0;
    cache->own_high = 0;
    cache_set_room(cache, CACHE_SETS_FIRST);
    cache_empty(cache);
    return cache;
}

struct cache *cache_take(void)
{
    struct cache_self *self = &cache_self;
    struct cache *cache = self->ready != NULL ? self->ready : self->aside;
    self->generation = 0;
    self->ready = NULL;
    self->aside = NULL;
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
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (is_ready) {
        cache_self.ready = cache;
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        cache_self.generation = cache->generation;
    } else
        cache_self.aside = cache;
}

/* Of a node with flags. */
static bool node_holds_slow(const struct cache *cache, const struct cache_node *node)
{
    const struct cache_node *at = node;
    struct reach reach = reach_around(node->base);
    for (;;) {
        for (int i = 0; i < CACHE_RUN; i++) {
            uintptr_t word;
            if (!reach_read(&reach, at->base + at->distances[i] * sizeof word, &word) ||
                word != at->words[i])
                return false;
        }
        if (at->outer == 0)
            break;
        at = cache_node(cache, at->outer);
    }
    if ((node->flags & CACHE_NOWHERE) == 0)
        return true;
    const struct depot_stack *stack = depot_get(node->id);
    struct cfi_row row = cfi_find(stack->pcs[stack->frames - 1] - 1);
    return row.kind == CFI_NONE && !row.is_lasting;
}

uint32_t cache_find(struct cache *cache, const struct stacks_entry *entry)
{
    uint32_t *set = &cache->index[cache_set(cache, cache_key(cache, *entry))];
    for (int way = 0; way < CACHE_WAYS; way++) {
        uint32_t at = set[way];
        const struct cache_node *node = cache_node(cache, at);
        if (!cache_node_begins(node, entry) ||
            !(node->flags != 0 ? node_holds_slow(cache, node) : cache_node_holds(cache, node)))
            continue;
        set[way] = set[0];
        set[0] = at;
        if (node->flags == 0)
            *cache_recent(cache, entry) = at;
        return node->id;
    }
    return 0;
}

/* Fills `node` with `count` words. False when a distance has no room. */
static bool node_fill(struct cache_node *node, const struct walk_trace *trace, uint32_t first,
                      uint32_t count)
{
    for (uint32_t i = 0; i < CACHE_RUN; i++) {
        uint32_t from = first + (i < count ? i : count - 1);
        uintptr_t distance = (trace->at[from] - node->base) / sizeof(uintptr_t);
        if (trace->at[from] < node->base || distance > UINT16_MAX)
            return false;
        node->words[i] = trace->words[from];
        node->distances[i] = (uint16_t)distance;
    }
    return true;
}

/* Copies the node into the cache, which has room for it, and lets its key lead there. */
static uint32_t node_keep(struct cache *cache, const struct cache_node *draft, uint32_t key)
{
    uint32_t at = cache->used;
    uint32_t *set = &cache->index[cache_set(cache, key)];
    int way = 0;
    while (way < CACHE_WAYS && set[way] != offsetof(struct cache, nodes))
        way++;
    if (way == CACHE_WAYS)
        way = (int)(cache->turn++ % CACHE_WAYS);
    memcpy((char *)cache + at, draft, sizeof *draft);
    cache->used += (uint32_t)sizeof *draft;
    set[way] = at;
    return at;
}

/* The node with this run, which may be there already; 0 where it cannot be kept. */
static uint32_t outer_keep(struct cache *cache, const struct walk_trace *trace, uint32_t first,
                           uint32_t outer)
{
    struct cache_node draft = {.base = trace->at[first], .outer = outer};
    for (uint32_t i = 1; i < CACHE_RUN; i++)
        if (trace->at[first + i] < draft.base)
            draft.base = trace->at[first + i];
    if (!node_fill(&draft, trace, first, CACHE_RUN))
        return 0;
    uint32_t key = cache_key_mix((uint32_t)draft.base, outer);
    for (int i = 0; i < CACHE_RUN; i++)
        key = cache_key_mix(key, draft.words[i] + draft.distances[i]);
    const uint32_t *set = &cache->index[cache_set(cache, key)];
    for (int way = 0; way < CACHE_WAYS; way++)
        if (memcmp(cache_node(cache, set[way]), &draft, sizeof draft) == 0)
            return set[way];
    return node_keep(cache, &draft, key);
}

/* A rule that cache_wrapper_leave can follow: the frame address is at a constant distance, and the
 * saved frame pointer below it. */
static bool rule_is_simple(steps_rule rule)
{
    return rule != 0 && steps_kind(rule) == CFI_PLAIN && steps_cfa(rule) != CFI_CFA_AT_FP &&
           (steps_fp(rule) == CFI_FP_SAME ||
            (steps_fp(rule) == CFI_FP_AT_CFA && steps_fp_offset(rule) < 0));
}

/* When paths of this entry crowd a set, the last frame of their key becomes a wrapper, so that its
 * caller tells them apart. */
static void wrapper_learn(struct cache *cache, const struct walk *walk)
{
    struct stacks_entry frame = walk->entry;
    const uint32_t *set = &cache->index[cache_set(cache, cache_key(cache, frame))];
    int crowd = 0;
    for (int way = 0; way < CACHE_WAYS; way++) {
        const struct cache_node *node = cache_node(cache, set[way]);
        crowd += node->pc == frame.pc && node->base == frame.sp;
    }
    if (crowd < CACHE_CROWD)
        return;
    uint32_t followed = 0;
    while (followed < CACHE_WRAPPERS_FOLLOWED && cache_wrapper_leave(cache, &frame))
        followed++;
    if (followed == CACHE_WRAPPERS_FOLLOWED || !rule_is_simple(walk->trace->rules[followed]))
        return;
    cache->wrappers[frame.pc % CACHE_WRAPPERS] =
        (struct cache_wrapper){frame.pc, walk->trace->rules[followed]};
}

static void cache_make_room(struct cache *cache)
{
    uint32_t sets = cache->index_mask / CACHE_WAYS + 1;
    cache->refills++;
    if (sets < CACHE_SETS_SMALL ||
        (sets < CACHE_SETS_LAST && cache->refills >= CACHE_REFILLS_SMALL))
        cache_set_room(cache, sets * 4);
    cache_empty(cache);
}

void cache_put(struct cache *cache, const struct walk *walk, uint32_t id)
{
    const struct walk_trace *trace = walk->trace;
    if (!trace->is_whole || trace->count == 0 || id == 0)
        return;
    uint32_t outer_runs = (trace->count - 1) / CACHE_RUN;
    uint32_t inner_words = trace->count - outer_runs * CACHE_RUN;
    if (cache->used + (outer_runs + 1) * sizeof(struct cache_node) > cache->limit)
        cache_make_room(cache);
    struct reach own = reach_around(walk->entry.sp);
    if (own.is_own) {
        cache->own_low = own.low;
        cache->own_high = own.high;
    }
    struct cache_node draft = {.pc = walk->entry.pc,
                               .base = walk->entry.sp,
                               .fp = trace->uses_fp ? walk->entry.fp : 0,
                               .id = id,
                               .uses_fp = trace->uses_fp,
                               .flags = (trace->is_own ? 0 : CACHE_OTHER_STACK) |
                                        (trace->ends_nowhere ? CACHE_NOWHERE : 0)};
    for (uint32_t run = outer_runs; run-- > 0;) {
        draft.outer = outer_keep(cache, trace, inner_words + run * CACHE_RUN, draft.outer);
        if (draft.outer == 0)
            return;
    }
    if (!node_fill(&draft, trace, 0, inner_words))
        return;
    wrapper_learn(cache, walk);
    uint32_t at = node_keep(cache, &draft, cache_key(cache, walk->entry));
    if (draft.flags == 0)
        *cache_recent(cache, &walk->entry) = at;
}
