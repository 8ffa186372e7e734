/* For a reachable block: the root word, and each block between with the offset of its pointer; of
 * several ways the shortest; for many blocks held alike one sample and their number. */
#include "heap.h"

START_TEST(nearest_way_is_told)
{
    heap_begin();
    uintptr_t far1 = heap_add_of(4096, 32, 1);
    uintptr_t far2 = heap_add_of(8192, 32, 2);
    uintptr_t near = heap_add_of(12288, 48, 3);
    uintptr_t block = heap_add_of(16384, 64, 4);
    heap_roots[0] = far1;
    heap_write(far1, 0, far2);
    heap_write(far2, 8, block);
    heap_roots[5] = near;
    heap_write(near, 40, block);
    heap_run_with_holders();
    ck_assert_uint_eq(heap_judged.holder_count, 4);
    const struct judge_holder *holder = &heap_judged.holders[3];
    ck_assert_uint_eq(holder->fixed.stack, 4);
    ck_assert_uint_eq(holder->fixed.hops, 1);
    ck_assert_uint_eq(holder->hops[0].stack, 3);
    ck_assert_uint_eq(holder->hops[0].bytes, 48);
    ck_assert_uint_eq(holder->hops[0].offset, 40);
    ck_assert_uint_eq(holder->fixed.address, (uintptr_t)&heap_roots[5]);
    ck_assert_uint_eq(holder->fixed.block_address, block);
}
END_TEST

START_TEST(hops_go_from_the_root_on)
{
    heap_begin();
    uintptr_t last = 0;
    for (uint32_t i = 1; i <= 100; i++) {
        uintptr_t next = heap_add_of(4096 * i, 64, i);
        if (last != 0)
            heap_write(last, 16, next);
        else
            heap_roots[3] = next;
        last = next;
    }
    heap_run_with_holders();
    const struct judge_holder *holder = &heap_judged.holders[4];
    ck_assert_uint_eq(holder->fixed.hops, 4);
    for (uint32_t i = 0; i < 4; i++)
        ck_assert_uint_eq(holder->hops[i].stack, i + 1);
    holder = &heap_judged.holders[99];
    ck_assert_uint_eq(holder->fixed.hops, JUDGE_HOPS_MAX);
    ck_assert_uint_eq(holder->hops[0].stack, 1);
    ck_assert_uint_eq(holder->hops[63].stack, 64);
}
END_TEST

START_TEST(blocks_held_alike_are_counted)
{
    heap_begin();
    uintptr_t table = heap_add_of(4096, 800, 1);
    for (size_t i = 0; i < 100; i++)
        heap_write(table, i * 8, heap_add_of(65536 + i * 64, 32, 2));
    heap_roots[7] = table;
    heap_roots[8] = heap_add_of(8192, 32, 2);
    heap_run_with_holders();
    ck_assert_uint_eq(heap_judged.holder_count, 3);
    ck_assert_uint_eq(heap_judged.holders[1].fixed.blocks, 1);
    ck_assert_uint_eq(heap_judged.holders[1].fixed.hops, 0);
    ck_assert_uint_eq(heap_judged.holders[2].fixed.blocks, 100);
    ck_assert_uint_eq(heap_judged.holders[2].fixed.hops, 1);
}
END_TEST

START_TEST(without_asking_there_are_none)
{
    heap_begin();
    heap_roots[0] = heap_add(4096, 32);
    heap_run();
    ck_assert_uint_eq(heap_judged.holder_count, 0);
}
END_TEST

HEAP_MAIN("holders_lead_from_root_to_block", nearest_way_is_told, hops_go_from_the_root_on,
          blocks_held_alike_are_counted, without_asking_there_are_none)
