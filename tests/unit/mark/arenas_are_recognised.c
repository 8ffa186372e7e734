/* The allocator's own state is found by its linked list heads, and nothing else is taken for it. */
#include "../../../preload/mark/arena.h"
#include "../../../preload/mark/fault.h"
#include "heap.h"

#include <string.h>

enum { BINS = 40, WORDS = 512 };

static uint64_t memory[WORDS] __attribute__((aligned(32)));
static uint64_t chunk[4];

static void invent(void)
{
    memset(memory, 0, sizeof memory);
    for (size_t pair = 0; pair < 127; pair++)
        memory[BINS + 2 * pair] = memory[BINS + 2 * pair + 1] =
            (uintptr_t)&memory[BINS + 2 * pair - 2];
}

static uintptr_t search(void)
{
    ck_assert_int_eq(fault_begin(false), 0);
    uintptr_t bins = arena_search((uintptr_t)memory, (uintptr_t)(memory + WORDS));
    fault_end();
    return bins;
}

START_TEST(empty_bins_are_found)
{
    invent();
    ck_assert_uint_eq(search(), (uintptr_t)&memory[BINS]);
    struct pages_range state = arena_state((uintptr_t)&memory[BINS]);
    ck_assert_uint_eq(state.start, (uintptr_t)&memory[BINS - 12]);
    ck_assert_uint_eq(state.end, (uintptr_t)&memory[BINS + 254]);
}
END_TEST

START_TEST(filled_bin_links_back)
{
    invent();
    memory[BINS] = memory[BINS + 1] = (uintptr_t)chunk;
    chunk[2] = chunk[3] = (uintptr_t)&memory[BINS - 2];
    ck_assert_uint_eq(search(), (uintptr_t)&memory[BINS]);
}
END_TEST

START_TEST(ordinary_data_is_none)
{
    invent();
    for (size_t pair = 0; pair < 8; pair++)
        memory[BINS + 2 * pair * 10] = 0x1234;
    ck_assert_uint_eq(search(), 0);
    memset(memory, 0, sizeof memory);
    ck_assert_uint_eq(search(), 0);
}
END_TEST

HEAP_MAIN("arenas_are_recognised", empty_bins_are_found, filled_bin_links_back,
          ordinary_data_is_none)
