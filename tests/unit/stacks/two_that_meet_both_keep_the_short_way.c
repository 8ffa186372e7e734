/* Two call paths whose places in the table of the short way are the same are both found by it, one
 * after the other for ever: neither drives the other out. */
#include <alloca.h>

#include "../../../preload/stacks/cache_nodes.h"
#include "paths.h"

enum { ROOM_MAX = 256 << 10 };

static bool is_capturing;
static size_t last_place;   /* of places, in which the short way looks */
static bool last_was_known; /* to the short way, before it was captured */

__attribute__((noinline)) void wrapper(void)
{
    const uintptr_t *frame = STACKS_FRAME();
    const struct cache *cache = cache_self.ready;
    size_t at = cache_tree_at(cache_self.trees_mask, frame);
    last_place = at;
    last_was_known = tree_begins(cache_node(cache, cache->trees[at]), frame) ||
                     tree_begins(cache_node(cache, cache->trees[at ^ 1]), frame);
    if (is_capturing)
        path_checked(STACKS_ENTRY());
    __asm__ volatile("");
}

/* The wrapper's frame lies so much deeper. */
__attribute__((noinline)) size_t place_below(size_t room)
{
    char *taken = alloca(room);
    __asm__ volatile("" ::"r"(taken) : "memory");
    wrapper();
    __asm__ volatile("" ::"r"(taken) : "memory");
    return last_place;
}

/* How much room it takes for the frame to meet the one that takes none. A part of its caller: from
 * another one the frames would lie elsewhere. */
static inline __attribute__((always_inline)) size_t room_to_meet(void)
{
    size_t wanted = place_below(0);
    size_t room = 16;
    while (room < ROOM_MAX && place_below(room) != wanted)
        room += 16;
    ck_assert_uint_lt(room, ROOM_MAX);
    return room;
}

START_TEST(two)
{
    path_warm();
    size_t room = room_to_meet();
    is_capturing = true;
    ck_assert_uint_eq(place_below(0), place_below(room));
    for (volatile int i = 0; i < 100; i++) {
        place_below(i % 2 != 0 ? room : 0);
        ck_assert(last_was_known);
    }
}
END_TEST

int main(void)
{
    return path_main("two that meet both keep the short way", (const TTest *const[]){two, NULL});
}
