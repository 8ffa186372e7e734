/* Random heaps with long lists, rings, an array of pointers, doubtful pointers and pages that
 * cannot be read: two, three and four threads find the fates and the unreadable pages that one
 * finds, with work lists of any length, and where no thread can be started. (What one finds is
 * proved by random_heaps_agree_with_a_naive_marker.) */
#include "heap.h"

#include <string.h>
#include <sys/mman.h>

#include "../../../preload/mark/crew.h"
#include "../../../preload/mark/fault.h"
#include "helper_of_libc.h"

enum {
    HEAPS = 12,
    TIMES = 3,
    BLOCKS = 6000,
    ARRAY_BYTES = 3 << 20, /* shared out, and a piece of it is read at a time */
    PAGE = 4096
};

static uintptr_t blocks[BLOCKS];
static uint32_t seed;
static size_t array_at;
static uintptr_t array;
static struct memory_map map;

static uint32_t next(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/* To a start; one of `odds` into the middle, which is doubtful. */
static uint64_t any_pointer(uint32_t odds)
{
    return blocks[next(BLOCKS)] + (next(odds) != 0 ? 0 : 40);
}

/* Blocks `from` to `to` are a list, its links `offset` behind the start of each; or a ring. */
static void link_blocks(size_t from, size_t to, size_t offset, bool is_ring)
{
    for (size_t i = from; i + 1 < to; i++)
        heap_write(blocks[i], 8, blocks[i + 1] + offset);
    if (is_ring)
        heap_write(blocks[to - 1], 8, blocks[from] + offset);
}

static void invent_array(void)
{
    array = heap_add(array_at, ARRAY_BYTES);
    for (size_t at = 0; at < ARRAY_BYTES; at += 8 * (1 + next(200)))
        heap_write(array, at, any_pointer(100));
    for (size_t end = CREW_PIECE_BYTES; end < ARRAY_BYTES; end += CREW_PIECE_BYTES)
        heap_write(array, end - 8, any_pointer(100));
    for (size_t at = 0; at < ARRAY_BYTES; at += 300 * PAGE)
        ck_assert_int_eq(mprotect((char *)array + at, PAGE, PROT_NONE), 0); /* NOLINT */
}

static void invent(void)
{
    heap_begin();
    size_t offset = 4096;
    for (size_t i = 0; i < BLOCKS; i++) {
        size_t bytes = 48 + 16 * next(10);
        blocks[i] = heap_add(offset, bytes);
        offset += bytes + 32 * (1 + next(next(50) == 0 ? 5000 : 3));
    }
    uint32_t shape = next(4);
    for (size_t i = 0; i < BLOCKS; i++) /* of shape 0 nearly nothing, of 3 nearly all is reached */
        for (uint32_t k = 0; k < shape; k++)
            heap_write(blocks[i], 16 + 8 * next(4), next(3) != 0 ? any_pointer(20) : 0);
    link_blocks(0, 2000, 0, false);
    link_blocks(2000, 3000, 24, false);
    link_blocks(3000, 3500, 0, true);
    link_blocks(3500, 4000, 24, true);
    array_at = (offset + PAGE) & ~(size_t)(PAGE - 1);
    invent_array();
    heap_roots[0] = next(4) != 0 ? blocks[0] : 0;
    heap_roots[1] = next(4) != 0 ? blocks[2000] : 0;
    heap_roots[2] = next(2) != 0 ? blocks[3000 + next(1000)] : 0;
    heap_roots[3] = next(3) != 0 ? array : 0;
    for (size_t i = 4; i < 10; i++)
        heap_roots[i] = any_pointer(3);
}

/* What a flood found, in arrays by block. */
struct fates {
    uint8_t of[BLOCKS + 1];
    size_t counts[MARK_REACHED + 1];
    uint64_t pages_unreadable;
};

static void mark(uint32_t threads, size_t room, struct fates *fates)
{
    struct blocks index;
    struct roots roots = {0};
    ck_assert_int_eq(blocks_build(&index), 0);
    ck_assert_uint_eq(index.count, BLOCKS + 1);
    for (size_t i = 0; i < HEAP_ROOTS; i += 4)
        roots_add(&roots,
                  (struct roots_range){(uintptr_t)(heap_roots + i), (uintptr_t)(heap_roots + i + 4),
                                       i == 8 ? ROOTS_CODE : ROOTS_MAPPING, 0});
    struct flood_request request = {
        .blocks = &index, .roots = &roots, .memory = &map, .room = room, .threads = threads};
    ck_assert_int_eq(fault_begin(false), 0);
    ck_assert_int_eq(flood_run(&request), 0);
    fault_end();
    memset(fates, 0, sizeof *fates);
    fates->pages_unreadable = request.pages_unreadable;
    struct blocks_cursor cursor = {0};
    struct blocks_found found;
    for (size_t i = 0; blocks_next(&index, &cursor, &found); i++) {
        fates->of[i] = (uint8_t)mark_fate(&found);
        fates->counts[fates->of[i]]++;
    }
    blocks_free(&index);
    roots_free(&roots);
}

static size_t all_counts[MARK_REACHED + 1]; /* over all heaps */
static size_t all_unreadable;

START_TEST(several_find_what_one_finds)
{
    static struct fates by_one;
    static struct fates by_several;
    static const size_t rooms[] = {0, 1, 2, 30, 500};
    seed = (uint32_t)_i;
    invent();
    ck_assert_int_eq(memory_map_read(&map), 0);
    mark(1, 0, &by_one);
    for (size_t way = 0; way < TIMES * sizeof rooms / sizeof *rooms; way++)
        for (uint32_t threads = 1; threads <= 4; threads++) {
            mark(threads, rooms[way / TIMES], &by_several);
            ck_assert_mem_eq(&by_several, &by_one, sizeof by_one);
        }
    memory_map_free(&map);
    for (size_t fate = 0; fate <= MARK_REACHED; fate++)
        all_counts[fate] += by_one.counts[fate];
    all_unreadable += by_one.pages_unreadable;
}
END_TEST

START_TEST(heaps_were_of_all_kinds)
{
    for (size_t fate = 0; fate <= MARK_REACHED; fate++)
        ck_assert_uint_gt(all_counts[fate], (size_t)BLOCKS);
    ck_assert_uint_gt(all_unreadable, 3);
    ck_assert_uint_ge(helper_count, (size_t)HEAPS * TIMES * 5 * (1 + 2 + 3));
}
END_TEST

/* None, or fewer than asked for. */
START_TEST(threads_that_cannot_be_had_are_done_without)
{
    static struct fates by_one;
    static struct fates by_fewer;
    seed = 3;
    invent();
    ck_assert_int_eq(memory_map_read(&map), 0);
    mark(1, 0, &by_one);
    for (size_t left = 0; left < 3; left++) {
        helper_left = left;
        mark(4, 30, &by_fewer);
        ck_assert_mem_eq(&by_fewer, &by_one, sizeof by_one);
        ck_assert_uint_eq(helper_left, 0);
    }
    helper_left = SIZE_MAX;
    memory_map_free(&map);
}
END_TEST

/* Roots are read in pieces: words at their ends count, in machine code those across them, too. */
START_TEST(words_between_pieces_count)
{
    heap_begin();
    uintptr_t code = heap_add(0, 64);
    uintptr_t data = heap_add(128, 64);
    uintptr_t none = heap_add(256, 64);
    const size_t bytes = 3 * (size_t)CREW_PIECE_BYTES;
    char *memory =
        mmap(NULL, 2 * bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(memory != MAP_FAILED);
    memcpy(memory + CREW_PIECE_BYTES - 3, &code, sizeof code);
    memcpy(memory + bytes + CREW_PIECE_BYTES - 8, &data, sizeof data);
    memcpy(memory + bytes + 2 * CREW_PIECE_BYTES - 3, &none, sizeof none);
    for (uint32_t threads = 1; threads <= 2; threads++) {
        struct blocks index;
        struct roots roots = {0};
        struct blocks_found found;
        uintptr_t at = (uintptr_t)memory;
        ck_assert_int_eq(blocks_build(&index), 0);
        roots_add(&roots, (struct roots_range){at, at + bytes, ROOTS_CODE, 0});
        roots_add(&roots, (struct roots_range){at + bytes, at + 2 * bytes, ROOTS_MAPPING, 0});
        struct flood_request request = {.blocks = &index, .roots = &roots, .threads = threads};
        ck_assert_int_eq(fault_begin(false), 0);
        ck_assert_int_eq(flood_run(&request), 0);
        fault_end();
        ck_assert(blocks_find(&index, code, &found) && mark_fate(&found) == MARK_REACHED);
        ck_assert(blocks_find(&index, data, &found) && mark_fate(&found) == MARK_REACHED);
        ck_assert(blocks_find(&index, none, &found) && mark_fate(&found) == MARK_UNREACHED);
        blocks_free(&index);
        roots_free(&roots);
    }
    munmap(memory, 2 * bytes);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("heaps");
    tcase_set_timeout(tcase, 170);
    tcase_add_loop_test(tcase, several_find_what_one_finds, 0, HEAPS);
    tcase_add_test(tcase, heaps_were_of_all_kinds);
    tcase_add_test(tcase, words_between_pieces_count);
    tcase_add_test(tcase, threads_that_cannot_be_had_are_done_without);
    Suite *suite = suite_create("several_threads_mark_the_same");
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
