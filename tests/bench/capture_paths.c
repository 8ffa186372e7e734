/*
 * What it costs to record a call path of 14 frames whose steps are in the table.
 *
 * `capture`: as a wrapper calls it, the path known to the cache. `walk`: the walk alone. `libgcc`:
 * the same walk by the way for odd frames. `first`: a path that is new, through addresses that are
 * new. Prints nanoseconds, the smallest of ten rounds.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../preload/base/clock.h"
#include "../../preload/stacks/capture.h"
#include "../../preload/stacks/depot.h"
#include "../../preload/stacks/modules.h"
#include "../../preload/stacks/odd.h"
#include "../../preload/stacks/stacks.h"
#include "../../preload/stacks/walk.h"

enum { FRAMES = 14, CALLS = 100000, ROUNDS = 10 };

static uint32_t last_id;

__attribute__((noinline)) static void wrapper(void)
{
    const uintptr_t *frame = STACKS_FRAME();
    last_id = capture_is_ready() ? capture_inline(frame) : capture_slow(frame);
    __asm__ volatile("");
}

__attribute__((noinline)) static void wrapper_of_walk(void)
{
    uintptr_t pcs[64];
    struct walk walk = {.entry = STACKS_ENTRY(), .depth = 64, .pcs = pcs};
    walk_run(&walk);
    __asm__ volatile("" ::"r"(pcs) : "memory");
}

__attribute__((noinline)) static void wrapper_of_libgcc(void)
{
    uintptr_t pcs[64];
    struct walk walk = {.entry = STACKS_ENTRY(), .depth = 64, .pcs = pcs};
    odd_walk(&walk);
    __asm__ volatile("" ::"r"(pcs) : "memory");
}

/* The time of one call, in tenths of a nanosecond. */
__attribute__((noinline)) static uint64_t time_calls(void (*call)(void), unsigned calls)
{
    uint64_t best = UINT64_MAX;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t start = clock_now_ns();
        for (unsigned i = 0; i < calls; i++)
            call();
        uint64_t spent = clock_now_ns() - start;
        if (spent < best)
            best = spent;
    }
    return best * 10 / calls;
}

__attribute__((noinline)) static uint64_t time_at(int deeper, void (*call)(void), unsigned calls)
{
    uint64_t time = deeper > 0 ? time_at(deeper - 1, call, calls) : time_calls(call, calls);
    __asm__ volatile("");
    return time;
}

static void print(const char *what, uint64_t tenths)
{
    printf("%-8s %5lu.%lu ns\n", what, (unsigned long)(tenths / 10), (unsigned long)(tenths % 10));
}

int main(void)
{
    if (!modules_refresh() || !stacks_start(64))
        return EXIT_FAILURE;
    time_at(0, wrapper, 1);
    int deeper = FRAMES - (int)depot_get(last_id)->frames;
    uint64_t start = clock_now_ns();
    wrapper();
    uint64_t first = (clock_now_ns() - start) * 10;
    print("capture", time_at(deeper, wrapper, CALLS));
    if (depot_get(last_id)->frames != FRAMES)
        return EXIT_FAILURE;
    print("walk", time_at(deeper, wrapper_of_walk, CALLS));
    print("libgcc", time_at(deeper, wrapper_of_libgcc, CALLS / 100));
    print("first", first);
    return EXIT_SUCCESS;
}
