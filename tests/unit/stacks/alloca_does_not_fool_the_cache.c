/* Two calls whose innermost return address and stack pointer are the same, and in which each place
 * of the first's return addresses still holds them, are two paths: what differs is a frame pointer.
 * The return address of `middle` lies lower in the second call, below memory that `outer` took by
 * alloca and did not write to. */
#include <alloca.h>

#include "paths.h"

enum { ROOM = 4096 };

static uintptr_t last_sp;

__attribute__((noinline)) uint32_t innermost(void)
{
    struct stacks_entry entry = STACKS_ENTRY();
    last_sp = entry.sp;
    return path_checked(entry);
}

__attribute__((noinline)) uint32_t middle(size_t room)
{
    char *taken = alloca(room);
    __asm__ volatile("" ::"r"(taken) : "memory");
    uint32_t id = innermost();
    __asm__ volatile("" ::"r"(taken) : "memory");
    return id;
}

__attribute__((noinline)) uint32_t outer(size_t room, bool is_second)
{
    uint32_t id;
    char *taken = alloca(room);
    __asm__ volatile("" ::"r"(taken) : "memory");
    if (is_second) {
        id = middle(ROOM - room);
        __asm__ volatile("" ::"r"(taken) : "memory");
    } else {
        id = middle(ROOM - room);
        __asm__ volatile("nop" ::"r"(taken) : "memory");
    }
    return id;
}

START_TEST(same_slots)
{
    path_warm();
    uint32_t first[2];
    uint32_t second[2];
    uintptr_t sp[2];
    for (int round = 0; round < 2; round++) {
        first[round] = outer(0, false);
        sp[0] = last_sp;
        second[round] = outer(ROOM / 2, true);
        sp[1] = last_sp;
        ck_assert_uint_eq(sp[0], sp[1]);
    }
    ck_assert_uint_eq(first[0], first[1]);
    ck_assert_uint_eq(second[0], second[1]);
    ck_assert_uint_ne(first[0], second[0]);
    for (size_t room = 0; room <= ROOM; room += 16)
        outer(room, room % 32 == 0);
}
END_TEST

int main(void)
{
    return path_main("alloca does not fool the cache", (const TTest *const[]){same_slots, NULL});
}
