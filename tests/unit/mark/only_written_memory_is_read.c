/* What /proc/self/maps says is understood, devices and the kernel's pages are never read, and of a
 * mapping only the pages that were written are handed on; so of large blocks. */
#include "../../../preload/judge/graph.h"
#include "../../../preload/mark/fault.h"
#include "../../../preload/mark/memory_map.h"
#include "../../../preload/mark/written.h"
#include "heap.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char text[] =
    "555555554000-555555556000 r--p 00000000 08:01 131 /usr/bin/a program\n"
    "555555556000-555555557000 r-xp 00002000 08:01 131 /usr/bin/a program\n"
    "555555558000-555555559000 rw-p 00000000 00:00 0 \n"
    "555555559000-55555557a000 rw-p 00000000 00:00 0                          [heap]\n"
    "7ffff0000000-7ffff0001000 rw-s 00000000 00:05 7 /dev/dri/card0\n"
    "7ffff0001000-7ffff0002000 rw-p 00000000 00:05 8 /dev/mem\n"
    "7ffff0002000-7ffff0003000 rw-s 00000000 00:05 9 /dev/zero (deleted)\n"
    "7ffff0003000-7ffff0004000 rw-s 00000000 00:05 10 /dev/shm/x\n"
    "7ffff0004000-7ffff0005000 rw-s 00000000 00:05 11 /memfd:y (deleted)\n"
    "7ffff0005000-7ffff0006000 rw-s 00000000 00:05 12 anon_inode:[io_uring]\n"
    "7ffff0006000-7ffff0007000 rw-s 00000000 00:05 13 socket:[55]\n"
    "7ffff0007000-7ffff0008000 rw-s 00000000 00:05 14 /SYSV00000000 (deleted)\n"
    "7ffff0008000-7ffff0009000 r--s 00000000 00:05 15 /usr/share/cache\n"
    "7ffff0009000-7ffff000a000 ---p 00000000 00:00 0 \n"
    "7ffff000a000-7ffff000b000 rw-p 00000000 00:00 0 [anon:named]\n"
    "7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0                          [stack]\n"
    "7ffffffff000-7ffffffff800 r--p 00000000 00:00 0                          [vvar]\n"
    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n";

START_TEST(classes)
{
    static const enum memory_class expected[] = {
        MEMORY_FILE,  MEMORY_FILE,   MEMORY_ANONYMOUS, MEMORY_ANONYMOUS, MEMORY_NEVER,
        MEMORY_NEVER, MEMORY_SHARED, MEMORY_SHARED,    MEMORY_SHARED,    MEMORY_NEVER,
        MEMORY_NEVER, MEMORY_SHARED, MEMORY_NEVER,     MEMORY_ANONYMOUS, MEMORY_ANONYMOUS,
        MEMORY_STACK, MEMORY_NEVER,  MEMORY_NEVER};
    struct memory_map map = {0};
    ck_assert_int_eq(memory_map_parse(&map, text, sizeof text - 1), 0);
    ck_assert_uint_eq(map.count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < map.count; i++)
        ck_assert_msg(map.mappings[i].class == expected[i], "line %zu", i + 1);
    ck_assert_uint_eq(map.mappings[0].start, 0x555555554000);
    ck_assert_uint_eq(map.mappings[0].name_bytes, strlen("/usr/bin/a program"));
    ck_assert(map.mappings[1].executable && !map.mappings[1].writable);
    ck_assert(!map.mappings[13].readable);
    ck_assert_ptr_eq(memory_map_find(&map, 0x555555558fff), &map.mappings[2]);
    ck_assert_ptr_null(memory_map_find(&map, 0x555555557000));
    memory_map_free(&map);
}
END_TEST

enum { RUNS_MAX = 16 };
static struct pages_range runs[RUNS_MAX];
static size_t run_count;

static void keep_run_cb(void *data, uintptr_t start, uintptr_t end)
{
    (void)data;
    ck_assert_uint_lt(run_count, RUNS_MAX);
    runs[run_count++] = (struct pages_range){start, end};
}

/* Three written pages, two of them neighbours, of 64 GiB. */
static void ck_written(enum memory_class class, int flags, int program_pagemap)
{
    size_t bytes = 64ull << 30;
    char *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, /* shared or private */
                       MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);
    ck_assert(start != MAP_FAILED);
    ck_assert_int_eq(madvise(start, bytes, MADV_NOHUGEPAGE), 0);
    start[4096] = start[8192] = start[bytes - 1] = 1;
    volatile char only_read = start[1 << 20];
    (void)only_read;
    struct memory_mapping mapping = {
        .start = (uintptr_t)start, .end = (uintptr_t)start + bytes, .class = class};
    struct written written;
    ck_assert_int_eq(written_open(&written, getpid(), program_pagemap), 0);
    run_count = 0;
    written_each(&written, &mapping, keep_run_cb, NULL);
    written_close(&written);
    munmap(start, bytes);
    size_t expected = class == MEMORY_SHARED ? 3 : 2; /* a read page of shared memory is a page */
    ck_assert_uint_eq(run_count, expected);
    ck_assert_uint_eq(runs[0].start, (uintptr_t)start + 4096);
    ck_assert_uint_eq(runs[0].end, (uintptr_t)start + 3 * 4096);
    ck_assert_uint_eq(runs[expected - 1].end, (uintptr_t)start + bytes);
}

START_TEST(untouched_gigabytes_cost_nothing)
{
    ck_written(MEMORY_ANONYMOUS, MAP_PRIVATE, -1);
    ck_written(MEMORY_SHARED, MAP_SHARED, -1);
    int own = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    ck_written(MEMORY_SHARED, MAP_SHARED, own);
    close(own);
}
END_TEST

START_TEST(without_pagemap_all_counts)
{
    int none = open("/dev/null", O_RDONLY | O_CLOEXEC);
    struct memory_mapping mapping = {.start = 4096, .end = 4096 * 9, .class = MEMORY_SHARED};
    struct written written;
    ck_assert_int_eq(written_open(&written, getpid(), none), 0);
    run_count = 0;
    written_each(&written, &mapping, keep_run_cb, NULL);
    written_close(&written);
    close(none);
    ck_assert_uint_eq(run_count, 1);
    ck_assert_uint_eq(runs[0].start, 4096);
    ck_assert_uint_eq(runs[0].end, 4096 * 9);
}
END_TEST

enum { LARGE_BYTES = 256 << 20, SMALL_AT = 512 << 20, PAGE = 4096, EVERY = 3 };

static size_t resident_pages(uintptr_t start)
{
    static unsigned char resident[LARGE_BYTES / PAGE];
    size_t count = 0;
    ck_assert_int_eq(mincore((void *)start, LARGE_BYTES, resident), 0); /* NOLINT: an address */
    for (size_t i = 0; i < sizeof resident; i++)
        count += resident[i] & 1;
    return count;
}

/* A large block with `pointers` to a small one: in its last word, and in every third page of its
 * end. All are found, and nothing else of the block becomes resident when the map is known. */
static void ck_large_block(size_t pointers, bool is_map_known)
{
    heap_begin();
    ck_assert_int_eq(madvise(heap_arena, HEAP_BYTES, MADV_NOHUGEPAGE), 0);
    uintptr_t large = heap_add(0, LARGE_BYTES);
    uintptr_t small = heap_add(SMALL_AT, 48);
    for (size_t i = 0; i < pointers; i++)
        heap_write(large, LARGE_BYTES - 8 - i * EVERY * PAGE, small);
    struct blocks blocks = {0};
    ck_assert_int_eq(blocks_build(&blocks), 0);
    struct memory_map map = {0};
    ck_assert_int_eq(memory_map_read(&map), 0);
    struct sparse sparse = {.map = &map};
    struct graph graph;
    ck_assert_int_eq(graph_build(&graph, &blocks, 2), 0);
    graph.sparse = is_map_known ? &sparse : NULL;
    ck_assert_int_eq(fault_begin(false), 0);
    uintptr_t at = large;
    size_t found = 0;
    for (uint32_t target; graph_next_edge(&graph, 0, &at, &target); found++)
        ck_assert_uint_eq(target, 1);
    fault_end();
    ck_assert_uint_eq(found, pointers);
    ck_assert_uint_eq(resident_pages(large), is_map_known ? pointers : LARGE_BYTES / PAGE);
    sparse_finish(&sparse);
    graph_free(&graph);
    memory_map_free(&map);
    blocks_free(&blocks);
}

/* The same of a block that is reached: what only it holds is reached. */
static void ck_reached_block(size_t pointers, bool is_map_known)
{
    heap_begin();
    ck_assert_int_eq(madvise(heap_arena, HEAP_BYTES, MADV_NOHUGEPAGE), 0);
    heap_roots[0] = heap_add(0, LARGE_BYTES);
    for (size_t i = 0; i < pointers; i++)
        heap_write(heap_roots[0], LARGE_BYTES - 8 - i * EVERY * PAGE,
                   heap_add(SMALL_AT + i * 64, 48));
    struct blocks blocks = {0};
    ck_assert_int_eq(blocks_build(&blocks), 0);
    struct memory_map map = {0};
    ck_assert_int_eq(memory_map_read(&map), 0);
    struct roots roots = {0};
    roots_add_value(&roots, heap_roots[0], ROOTS_REGISTER, ROOTS_NO_THREAD);
    struct flood_request request = {
        .blocks = &blocks, .roots = &roots, .memory = is_map_known ? &map : NULL};
    ck_assert_int_eq(fault_begin(false), 0);
    ck_assert_int_eq(flood_run(&request), 0);
    fault_end();
    struct blocks_cursor cursor = {0};
    struct blocks_found found;
    while (blocks_next(&blocks, &cursor, &found))
        ck_assert_int_eq(mark_fate(&found), MARK_REACHED);
    ck_assert_uint_eq(resident_pages(heap_roots[0]), is_map_known ? pointers : LARGE_BYTES / PAGE);
    roots_free(&roots);
    memory_map_free(&map);
    blocks_free(&blocks);
}

START_TEST(untouched_parts_of_reached_blocks_stay_untouched)
{
    ck_reached_block(1, true);
    ck_reached_block(1000, true);
    ck_reached_block(1000, false);
}
END_TEST

START_TEST(untouched_parts_of_lost_blocks_stay_untouched)
{
    ck_large_block(1, true);
    ck_large_block(1000, true);
    ck_large_block(1000, false);
}
END_TEST

HEAP_MAIN("only_written_memory_is_read", classes, untouched_gigabytes_cost_nothing,
          without_pagemap_all_counts, untouched_parts_of_lost_blocks_stay_untouched,
          untouched_parts_of_reached_blocks_stay_untouched)
