/* More paths than the cache holds, all through one wrapper and with one stack pointer, are told
 * apart, and those that come again and again are known. */
#include "../../../preload/stacks/capture.h"
#include "paths.h"

enum { DEEPER = 13, SOME = 40 };

__attribute__((noinline)) uint32_t wrapper(void)
{
    uint32_t id = path_checked(STACKS_ENTRY());
    __asm__ volatile("");
    return id;
}

/* Each bit chooses the place from which the next frame, of the same size, is called. */
__attribute__((noinline)) uint32_t choose(unsigned bits, int deeper)
{
    uint32_t id;
    if (deeper == 0) {
        id = wrapper();
    } else if ((bits & 1) != 0) {
        id = choose(bits >> 1, deeper - 1);
        __asm__ volatile("");
    } else {
        id = choose(bits >> 1, deeper - 1);
        __asm__ volatile("nop");
    }
    return id;
}

START_TEST(all)
{
    path_warm();
    uint32_t before = depot_count();
    for (int round = 0; round < 2; round++)
        for (unsigned bits = 0; bits < 1u << DEEPER; bits++)
            choose(bits, DEEPER);
    ck_assert_uint_ge(depot_count() - before, 1u << DEEPER);
}
END_TEST

__attribute__((noinline)) static void choose_some(int rounds)
{
    for (int i = 0; i < rounds; i++)
        for (unsigned bits = 0; bits < SOME; bits++)
            choose(bits, DEEPER);
}

START_TEST(some)
{
    path_warm();
    for (volatile int i = 0; i < 2; i++) {
        path_hits = 0;
        choose_some(50); /* at first they are new, and the cache grows */
    }
    ck_assert_uint_eq(path_hits, SOME * 50);
}
END_TEST

int main(void)
{
    return path_main("many paths through one wrapper are told apart",
                     (const TTest *const[]){all, some, NULL});
}
