/* Call paths for tests; see paths.h. */
#include "paths.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "../../../preload/stacks/capture.h"
#include "../../support/claims.h"

__attribute__((noinline)) uint32_t path_id_here(void)
{
    uint32_t id = stacks_capture(STACKS_ENTRY());
    __asm__ volatile(""); /* no tail call: this is a wrapper with a frame */
    return id;
}

__attribute__((noinline)) const struct depot_stack *path_here(void)
{
    uint32_t id = stacks_capture(STACKS_ENTRY());
    const struct depot_stack *path = depot_get(id);
    ck_assert_ptr_nonnull(path);
    ck_assert_uint_ge(path->frames, 1);
    return path;
}

unsigned path_hits;

/* What the cache says, 0 when it does not know the path. */
static uint32_t path_cached(const uintptr_t *frame)
{
    struct cache *cache = cache_take();
    uint32_t id = 0;
    if (cache != NULL && cache->generation == modules_generation())
        id = cache_find(cache, frame);
    if (cache != NULL)
        cache_give(cache, true);
    return id;
}

uint32_t path_checked(struct stacks_entry entry)
{
    const uintptr_t *frame = (const uintptr_t *)stacks_frame_of(&entry);
    uint32_t cached = path_cached(frame);
    uint32_t id = capture_is_ready() ? capture_inline(frame) : stacks_capture(entry);
    uint32_t walked = stacks_capture_nested(entry);
    ck_assert_uint_ne(walked, STACKS_UNKNOWN);
    ck_assert_uint_eq(id, walked);
    if (cached != 0)
        ck_assert_uint_eq(cached, walked);
    path_hits += cached != 0;
    return id;
}

void path_warm(void)
{
    ck_assert(stacks_start(64));
    for (int i = 0; i < 100; i++)
        path_id_here();
    ck_assert_ptr_nonnull(cache_self.ready);
    path_hits = 0;
}

bool path_is_at(const struct depot_stack *path, uint32_t frame, const char *name)
{
    Dl_info info;
    return frame < path->frames && dladdr((void *)(path->pcs[frame] - 1), &info) != 0 &&
           info.dli_sname != NULL && strcmp(info.dli_sname, name) == 0;
}

bool path_has(const struct depot_stack *path, const char *name)
{
    for (uint32_t i = 0; i < path->frames; i++)
        if (path_is_at(path, i, name))
            return true;
    return false;
}

int path_main(const char *name, const TTest *const tests[])
{
    return modules_refresh() ? claims_run(name, tests) : EXIT_FAILURE;
}
