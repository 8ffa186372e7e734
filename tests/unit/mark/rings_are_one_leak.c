/* Unreached blocks: what nothing leads to is lost, the rest hangs on it; a ring is one leak, led by
 * its biggest member. */
#include "heap.h"

static const struct leakfile_finding *lost(uint32_t stack)
{
    return heap_finding(stack, LEAKFILE_KIND_LOST, 0);
}

static const struct leakfile_finding *ring(uint32_t stack)
{
    return heap_finding(stack, LEAKFILE_KIND_LOST, LEAKFILE_FINDING_CYCLE);
}

static void ck_sums(const struct leakfile_finding *finding, uint64_t bytes, uint64_t blocks,
                    uint64_t indirect_bytes, uint64_t indirect_blocks)
{
    ck_assert_ptr_nonnull(finding);
    ck_assert_uint_eq(finding->bytes, bytes);
    ck_assert_uint_eq(finding->blocks, blocks);
    ck_assert_uint_eq(finding->indirect_bytes, indirect_bytes);
    ck_assert_uint_eq(finding->indirect_blocks, indirect_blocks);
}

START_TEST(chain_is_led_by_its_head)
{
    heap_begin();
    uintptr_t head = heap_add_of(4096, 32, 1);
    uintptr_t middle = heap_add_of(8192, 48, 2);
    uintptr_t tail = heap_add_of(12288, 64, 3);
    heap_write(head, 8, middle);
    heap_write(middle, 8, tail + 5 * 8);
    heap_run();
    ck_assert_uint_eq(heap_judged.finding_count, 1);
    ck_sums(lost(1), 32, 1, 112, 2);
    ck_assert_uint_eq(heap_judged.lost.bytes, 32);
    ck_assert_uint_eq(heap_judged.indirect.bytes, 112);
    ck_assert_uint_eq(heap_judged.recorded.blocks, 3);
    heap_roots[0] = middle;
    heap_run();
    ck_sums(lost(1), 32, 1, 0, 0);
    ck_assert_uint_eq(heap_judged.reachable.bytes, 48);
    ck_assert_uint_eq(heap_judged.possible.bytes, 64);
}
END_TEST

START_TEST(diamond_counts_its_foot_once)
{
    heap_begin();
    uintptr_t top = heap_add_of(4096, 32, 1);
    uintptr_t left = heap_add_of(8192, 32, 2);
    uintptr_t right = heap_add_of(12288, 32, 3);
    uintptr_t foot = heap_add_of(16384, 32, 4);
    heap_write(top, 0, left);
    heap_write(top, 8, right);
    heap_write(left, 0, foot);
    heap_write(right, 0, foot);
    heap_run();
    ck_sums(lost(1), 32, 1, 96, 3);
}
END_TEST

START_TEST(shared_child_goes_to_the_lower_stack)
{
    heap_begin();
    uintptr_t first = heap_add_of(4096, 32, 7);
    uintptr_t second = heap_add_of(8192, 32, 5);
    uintptr_t child = heap_add_of(12288, 32, 9);
    heap_write(first, 0, child);
    heap_write(second, 0, child);
    heap_run();
    ck_sums(lost(5), 32, 1, 32, 1);
    ck_sums(lost(7), 32, 1, 0, 0);
}
END_TEST

START_TEST(ring_is_led_by_its_biggest)
{
    heap_begin();
    uintptr_t a = heap_add_of(4096, 32, 1);
    uintptr_t b = heap_add_of(8192, 64, 2);
    uintptr_t c = heap_add_of(12288, 48, 3);
    heap_write(a, 0, b);
    heap_write(b, 0, c);
    heap_write(c, 0, a);
    heap_run();
    ck_assert_uint_eq(heap_judged.finding_count, 1);
    ck_sums(ring(2), 64, 1, 80, 2);
    heap_roots[0] = c;
    heap_run();
    ck_assert_uint_eq(heap_judged.finding_count, 0);
}
END_TEST

START_TEST(equal_ring_is_led_by_the_lowest_stack)
{
    heap_begin();
    uintptr_t a = heap_add_of(4096, 32, 3);
    uintptr_t b = heap_add_of(8192, 32, 2);
    heap_write(a, 0, b);
    heap_write(b, 0, a);
    heap_run();
    ck_sums(ring(2), 32, 1, 32, 1);
}
END_TEST

START_TEST(ring_with_tail_is_one_leak)
{
    heap_begin();
    uintptr_t a = heap_add_of(4096, 32, 1);
    uintptr_t b = heap_add_of(8192, 32, 1);
    uintptr_t tail = heap_add_of(12288, 100, 2);
    heap_write(a, 0, b);
    heap_write(b, 0, a);
    heap_write(b, 8, tail);
    heap_run();
    ck_assert_uint_eq(heap_judged.finding_count, 1);
    ck_sums(ring(1), 32, 1, 132, 2);
}
END_TEST

START_TEST(two_rings_are_two_leaks)
{
    heap_begin();
    uintptr_t a = heap_add_of(4096, 32, 1);
    uintptr_t b = heap_add_of(8192, 32, 1);
    uintptr_t c = heap_add_of(12288, 40, 2);
    uintptr_t d = heap_add_of(16384, 40, 2);
    heap_write(a, 0, b);
    heap_write(b, 0, a);
    heap_write(c, 0, d);
    heap_write(d, 0, c);
    heap_run();
    ck_sums(ring(1), 32, 1, 32, 1);
    ck_sums(ring(2), 40, 1, 40, 1);
}
END_TEST

START_TEST(ring_pointing_to_ring_leads_it)
{
    heap_begin();
    uintptr_t a = heap_add_of(4096, 32, 1);
    uintptr_t b = heap_add_of(8192, 32, 1);
    uintptr_t c = heap_add_of(12288, 40, 2);
    uintptr_t d = heap_add_of(16384, 40, 2);
    heap_write(a, 0, b);
    heap_write(b, 0, a);
    heap_write(b, 8, c);
    heap_write(c, 0, d);
    heap_write(d, 0, c);
    heap_run();
    ck_assert_uint_eq(heap_judged.finding_count, 1);
    ck_sums(ring(1), 32, 1, 112, 3);
}
END_TEST

START_TEST(block_that_leads_to_a_ring_is_lost)
{
    heap_begin();
    uintptr_t a = heap_add_of(4096, 32, 4);
    uintptr_t b = heap_add_of(8192, 32, 1);
    uintptr_t c = heap_add_of(12288, 40, 2);
    heap_write(a, 0, b);
    heap_write(b, 0, c);
    heap_write(c, 0, b);
    heap_run();
    ck_assert_uint_eq(heap_judged.finding_count, 1);
    ck_sums(lost(4), 32, 1, 72, 2);
}
END_TEST

START_TEST(inherited_blocks_are_absent)
{
    heap_begin();
    uintptr_t old = heap_add_of(4096, 32, 4);
    ledger_inherit_all();
    uintptr_t own = heap_add_of(8192, 48, 5);
    heap_write(old, 0, own);
    heap_write(own, 0, old);
    heap_run();
    ck_assert_uint_eq(heap_judged.finding_count, 1);
    ck_sums(lost(5), 48, 1, 0, 0);
    ck_assert_uint_eq(heap_judged.recorded.blocks, 1);
}
END_TEST

START_TEST(possible_is_a_finding_of_its_own)
{
    heap_begin();
    uintptr_t block = heap_add_of(4096, 64, 4);
    uintptr_t child = heap_add_of(8192, 48, 5);
    heap_write(block, 0, child);
    heap_roots[0] = block + 24;
    heap_run();
    ck_sums(heap_finding(4, LEAKFILE_KIND_POSSIBLE, 0), 64, 1, 0, 0);
    ck_sums(heap_finding(5, LEAKFILE_KIND_POSSIBLE, 0), 48, 1, 0, 0);
    ck_assert_uint_eq(heap_judged.possible.bytes, 112);
}
END_TEST

START_TEST(findings_go_by_bytes_then_stack)
{
    heap_begin();
    for (uint32_t i = 0; i < 40; i++)
        heap_add_of(4096 * (i + 1), 16 + 16 * (i % 4), 50 - i);
    heap_run();
    ck_assert_uint_eq(heap_judged.finding_count, 40);
    for (size_t i = 1; i < 40; i++) {
        const struct leakfile_finding *a = &heap_judged.findings[i - 1];
        const struct leakfile_finding *b = &heap_judged.findings[i];
        ck_assert(a->bytes > b->bytes || (a->bytes == b->bytes && a->stack < b->stack));
    }
}
END_TEST

/* More pointers than the table of edges has room for at first: all of them count, the first and the
 * last too. */
START_TEST(pointers_are_many_more_than_blocks)
{
    enum { POINTERS = 20000 };
    heap_begin();
    uintptr_t table = heap_add_of(4096, (POINTERS + 1) * sizeof(uint64_t), 1);
    uintptr_t often = heap_add_of(1 << 20, 48, 2);
    uintptr_t once = heap_add_of(2 << 20, 64, 3);
    uintptr_t last = heap_add_of(3 << 20, 80, 4);
    for (size_t i = 0; i < POINTERS; i++)
        heap_write(table, i * sizeof(uint64_t), often);
    heap_write(table, 0, once);
    heap_write(table, POINTERS * sizeof(uint64_t), last);
    heap_run();
    ck_assert_uint_eq(heap_judged.finding_count, 1);
    ck_sums(lost(1), (POINTERS + 1) * sizeof(uint64_t), 1, 48 + 64 + 80, 3);
}
END_TEST

HEAP_MAIN("rings_are_one_leak", chain_is_led_by_its_head, diamond_counts_its_foot_once,
          shared_child_goes_to_the_lower_stack, ring_is_led_by_its_biggest,
          equal_ring_is_led_by_the_lowest_stack, ring_with_tail_is_one_leak,
          two_rings_are_two_leaks, ring_pointing_to_ring_leads_it,
          block_that_leads_to_a_ring_is_lost, inherited_blocks_are_absent,
          possible_is_a_finding_of_its_own, findings_go_by_bytes_then_stack,
          pointers_are_many_more_than_blocks)
