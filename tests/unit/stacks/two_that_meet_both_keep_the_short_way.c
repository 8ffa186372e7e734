/* Two call paths whose places in the table of the short way are the same are both found by it, one
 * after the other for ever: neither drives the other out. */
#include <alloca.h>

#include "../../../preload/stacks/capture.h"
#include "paths.h"

enum { ROOM_MAX = 256 << 10 };

static bool is_capturing;
static const uintptr_t *last_frame;

__attribute__((noinline)) void wrapper(void)
{
    last_frame = STACKS_FRAME();
    if (is_capturing)
        path_checked(STACKS_ENTRY());
    __asm__ volatile("");
}

/* The wrapper's frame lies so much deeper. */
__attribute__((noinline)) const uintptr_t *frame_below(size_t room)
{
    char *taken = alloca(room);
    __asm__ volatile("" ::"r"(taken) : "memory");
    wrapper();
    __asm__ volatile("" ::"r"(taken) : "memory");
    return last_frame;
}

static uint32_t pair_of_frame(const uintptr_t *frame)
{
    return cache_tree_at(cache_self.trees_mask, frame) / 2;
}

/* How much room it takes for the frame to meet the one that takes none. A part of its caller: from
 * another one the frames would lie elsewhere. */
static inline __attribute__((always_inline)) size_t room_to_meet(void)
{
    uint32_t wanted = pair_of_frame(frame_below(0));
    size_t room = 16;
    while (room < ROOM_MAX && pair_of_frame(frame_below(room)) != wanted)
        room += 16;
    ck_assert_uint_lt(room, ROOM_MAX);
    return room;
}

static bool is_known_the_short_way(const uintptr_t *frame)
{
    const struct cache *cache = cache_self.ready;
    uint32_t at = cache_tree_at(cache_self.trees_mask, frame);
    return cache_node_begins(cache_node(cache, cache->trees[at]), frame) ||
           cache_node_begins(cache_node(cache, cache->trees[at ^ 1]), frame);
}

START_TEST(two)
{
    path_warm();
    size_t room = room_to_meet();
    is_capturing = true;
    const uintptr_t *one = frame_below(0);
    const uintptr_t *other = frame_below(room);
    ck_assert_uint_eq(pair_of_frame(one), pair_of_frame(other));
    for (volatile int i = 0; i < 100; i++) {
        ck_assert(is_known_the_short_way(one));
        ck_assert(is_known_the_short_way(other));
        frame_below(i % 2 != 0 ? 0 : room);
    }
}
END_TEST

int main(void)
{
    return path_main("two that meet both keep the short way", (const TTest *const[]){two, NULL});
}
