/* The door: ask the cache, else walk and look the call path up; see stacks.h. */
#include "stacks.h"

#include "cache.h"
#include "capture.h"
#include "depot.h"
#include "modules.h"
#include "odd.h"
#include "steps.h"
#include "walk.h"

/* Set once by stacks_start, before any capture. */
static uint32_t stacks_depth;

/* Set once before threads, by tests only. */
stacks_verify_function *stacks_verify_hook;

bool stacks_start(unsigned depth)
{
    if (depth < 1 || depth > STACKS_DEPTH_MAX || !steps_start() || !cache_start())
        return false;
    odd_start();
    stacks_depth = depth;
    return true;
}

/* Walks, and leaves in the cache, if there is one to take, what the walk found. */
static uint32_t capture_by_walk(struct stacks_entry entry, struct cache **cache)
{
    uintptr_t pcs[stacks_depth]; /* not per thread: signal handlers capture too */
    struct walk_trace trace;
    struct walk walk = {.entry = entry, .depth = stacks_depth, .pcs = pcs};
    uint32_t generation = modules_generation();
    bool is_kept = *cache != NULL && modules_generation_is_settled(generation);
    if (is_kept) {
        if ((*cache)->generation != generation)
            cache_empty(*cache);
        walk.trace = &trace;
        walk.last = &(*cache)->last;
    }
    walk_run(&walk);
    uint32_t id = depot_add(pcs, walk.frames, walk.flags);
    if (is_kept && generation == modules_generation())
        *cache = cache_put(*cache, &walk, id);
    return id;
}

/* By the cache, if there is one, else by a walk; a test may look on. */
static uint32_t capture_shown(struct stacks_entry entry, struct cache *cache)
{
    uint32_t id = 0;
    if (cache != NULL && cache->generation == modules_generation())
        id = cache_find(cache, (const uintptr_t *)stacks_frame_of(&entry));
    bool is_hit = id != 0;
    if (!is_hit)
        id = capture_by_walk(entry, &cache);
    if (cache != NULL)
        cache_give(cache, stacks_verify_hook == NULL);
    if (stacks_verify_hook != NULL && id != 0)
        stacks_verify_hook(entry, depot_get(id), is_hit);
    return id;
}

uint32_t stacks_capture(struct stacks_entry entry)
{
    return stacks_depth == 0 ? STACKS_UNKNOWN : capture_shown(entry, cache_take());
}

uint32_t capture_slow(const uintptr_t *frame)
{
    return stacks_capture(stacks_entry_at(frame));
}

uint32_t stacks_capture_nested(struct stacks_entry entry)
{
    return stacks_depth == 0 ? STACKS_UNKNOWN : capture_shown(entry, NULL);
}

void stacks_shut_short_way(bool is_shut)
{
    struct cache *cache = cache_take();
    cache_self.is_shut = is_shut;
    if (cache != NULL)
        cache_give(cache, stacks_verify_hook == NULL);
}

void stacks_main_begins(uintptr_t frame)
{
    struct cache *cache = cache_take();
    cache_self.main_frame = frame;
    if (cache == NULL)
        return;
    cache_empty(cache);
    cache_give(cache, stacks_verify_hook == NULL);
}

void stacks_main_returned(void)
{
    stacks_main_begins(0);
}

void stacks_forked(void)
{
    cache_forked();
    modules_forked();
    steps_forked();
}
