/* A list of a million blocks, reached or lost, and a ring of a million, on a stack of 256 KiB. */
#include "heap.h"

#include <pthread.h>

enum { LENGTH = 1000000 };

static uintptr_t make_list(void)
{
    heap_begin();
    uintptr_t first = heap_add(4096, 32);
    uintptr_t last = first;
    for (size_t i = 1; i < LENGTH; i++) {
        /* far apart in the order of the list: neighbours in memory are not neighbours in it */
        uintptr_t next = heap_add(4096 + i * 7919 % LENGTH * 48, 32);
        heap_write(last, 8, next);
        last = next;
    }
    return last;
}

static void *mark_list(void *data)
{
    (void)data;
    uintptr_t last = make_list();
    uintptr_t first = (uintptr_t)heap_arena + 4096;
    heap_run();
    ck_assert_uint_eq(heap_judged.finding_count, 1);
    ck_assert_uint_eq(heap_judged.lost.blocks, 1);
    ck_assert_uint_eq(heap_judged.indirect.blocks, LENGTH - 1);
    heap_roots[0] = first;
    heap_run();
    ck_assert_uint_eq(heap_judged.reachable.blocks, LENGTH);
    heap_roots[0] = 0;
    heap_write(last, 8, first);
    heap_run();
    ck_assert_uint_eq(heap_judged.lost.blocks, 1);
    ck_assert_uint_eq(heap_judged.findings[0].flags, LEAKFILE_FINDING_CYCLE);
    ck_assert_uint_eq(heap_judged.findings[0].indirect_blocks, LENGTH - 1);
    return NULL;
}

START_TEST(million_in_a_row)
{
    pthread_attr_t attributes;
    pthread_t thread;
    ck_assert_int_eq(pthread_attr_init(&attributes), 0);
    ck_assert_int_eq(pthread_attr_setstacksize(&attributes, 256 << 10), 0);
    ck_assert_int_eq(pthread_create(&thread, &attributes, mark_list, NULL), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
}
END_TEST

HEAP_MAIN("long_lists_need_no_stack", million_in_a_row)
