/* The door: walk, then look the call path up; see stacks.h. */
#include "stacks.h"

#include "depot.h"
#include "modules.h"
#include "odd.h"
#include "steps.h"
#include "walk.h"

/* Set once by stacks_start, before any capture. */
static uint32_t stacks_depth;

/* Set once before threads, by tests only. */
void (*stacks_verify_hook)(struct stacks_entry entry, const uintptr_t *pcs, uint32_t frames,
                           uint32_t flags);

bool stacks_start(unsigned depth)
{
    if (depth < 1 || depth > STACKS_DEPTH_MAX || !steps_start())
        return false;
    odd_start();
    stacks_depth = depth;
    return true;
}

uint32_t stacks_capture(struct stacks_entry entry)
{
    if (stacks_depth == 0)
        return STACKS_UNKNOWN;
    uintptr_t pcs[stacks_depth]; /* not per thread: signal handlers capture too */
    struct walk walk = {.entry = entry, .depth = stacks_depth, .pcs = pcs};
    walk_run(&walk);
    if (__builtin_expect(stacks_verify_hook != NULL, 0))
        stacks_verify_hook(entry, pcs, walk.frames, walk.flags);
    return depot_add(pcs, walk.frames, walk.flags);
}

void stacks_fork_prepare(void)
{
    depot_fork_prepare();
}

void stacks_fork_parent(void)
{
    depot_fork_done();
}

void stacks_fork_child(void)
{
    depot_fork_done();
    modules_forked();
    steps_forked();
}

void stacks_fork_unprepared(void)
{
    depot_fork_unprepared();
    modules_forked();
    steps_forked();
}
