/* A hundred random heaps: the fate of each block is what a marker by definition finds, by the work
 * list, by address when it is soon full, and nearest first. */
#include "heap.h"

#include <string.h>

enum { BLOCKS_MAX = 200, HEAPS = 100 };

static struct {
    uintptr_t start;
    size_t bytes;
    enum mark_fate fate;
} naive[BLOCKS_MAX];
static size_t naive_count;
static uint32_t seed;

static uint32_t next(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static uint64_t any_word(void)
{
    if (next(3) != 0)
        return next(2) != 0 ? 0 : next(1u << 24) + (uintptr_t)heap_arena;
    size_t at = next((uint32_t)naive_count);
    return naive[at].start + (next(4) != 0 ? 0 : next((uint32_t)naive[at].bytes + 20));
}

static void invent(void)
{
    heap_begin();
    size_t offset = 4096;
    for (naive_count = 0; naive_count < 20 + next(BLOCKS_MAX - 20); naive_count++) {
        size_t bytes = 9 + next(next(10) == 0 ? 9000 : 120); /* no cookies: tested elsewhere */
        naive[naive_count].bytes = bytes;
        naive[naive_count].start = heap_add(offset, bytes);
        naive[naive_count].fate = MARK_UNREACHED;
        offset += (bytes + 8 + 15) / 16 * 16 + 32u * next(next(8) == 0 ? 100000 : 2);
        if ((offset + 16) / 32 == (naive[naive_count].start - (uintptr_t)heap_arena) / 32)
            offset += 32;
    }
    for (size_t i = 0; i < naive_count; i++)
        for (size_t at = 0; at + 8 <= naive[i].bytes; at += 8)
            heap_write(naive[i].start, at, at == 0 ? ~0ull : next(3) != 0 ? 0 : any_word());
    for (size_t i = 0; i < 12; i++)
        heap_roots[i] = any_word();
}

/* What a word does, by definition: 0 nothing, 1 possible, 2 reached. */
static bool naive_visit(uint64_t word, bool doubtful)
{
    for (size_t i = 0; i < naive_count; i++) {
        if (word < naive[i].start || word - naive[i].start >= naive[i].bytes)
            continue;
        size_t offset = (word - naive[i].start) & ~7ull;
        enum mark_fate fate =
            !doubtful && (offset == 0 || offset == 16) ? MARK_REACHED : MARK_POSSIBLE;
        if (fate <= naive[i].fate)
            return false;
        naive[i].fate = fate;
        return true;
    }
    return false;
}

static bool naive_scan(uintptr_t start, size_t bytes, bool doubtful)
{
    bool changed = false;
    for (size_t at = 0; at + 8 <= bytes; at += 8) {
        uint64_t word;
        memcpy(&word, (const char *)start + at, 8); /* NOLINT: an address */
        changed |= naive_visit(word, doubtful);
    }
    return changed;
}

static void naive_mark(void)
{
    naive_scan((uintptr_t)heap_roots, sizeof heap_roots, false);
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < naive_count; i++)
            if (naive[i].fate != MARK_UNREACHED)
                changed |=
                    naive_scan(naive[i].start, naive[i].bytes, naive[i].fate == MARK_POSSIBLE);
    }
}

START_TEST(all_agree)
{
    seed = (uint32_t)_i;
    invent();
    naive_mark();
    static const size_t rooms[] = {0, 1, 2, 5, 20, 0};
    for (size_t way = 0; way < sizeof rooms / sizeof *rooms; way++) {
        heap_room = rooms[way];
        if (way + 1 == sizeof rooms / sizeof *rooms)
            heap_run_with_holders();
        else
            heap_run();
        ck_assert_uint_eq(heap_mark.blocks.count, naive_count);
        for (size_t i = 0; i < naive_count; i++)
            ck_assert_int_eq(heap_fate(naive[i].start), naive[i].fate);
    }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("heaps");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, all_agree, 0, HEAPS);
    Suite *suite = suite_create("random_heaps_agree_with_a_naive_marker");
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
