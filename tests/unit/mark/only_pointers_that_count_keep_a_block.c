/* A block is kept by a pointer to its start, also with a small tag or two words in; by one to its
 * inside it is possible; by its end, by an unaligned word and by its own pointer it is lost. */
#include "heap.h"

#include <sys/mman.h>

static uintptr_t block_of(size_t bytes)
{
    heap_begin();
    return heap_add(4096 + 16, bytes);
}

static enum mark_fate fate_by(uintptr_t block, uint64_t root)
{
    heap_roots[0] = root;
    heap_run();
    return heap_fate(block);
}

START_TEST(start_keeps)
{
    uintptr_t block = block_of(48);
    ck_assert_int_eq(fate_by(block, 0), MARK_UNREACHED);
    ck_assert_int_eq(fate_by(block, block), MARK_REACHED);
}
END_TEST

START_TEST(tag_in_three_low_bits_keeps)
{
    uintptr_t block = block_of(48);
    for (uintptr_t tag = 1; tag < 8; tag++)
        ck_assert_int_eq(fate_by(block, block + tag), MARK_REACHED);
}
END_TEST

START_TEST(thread_vector_pointer_keeps)
{
    uintptr_t block = block_of(48);
    ck_assert_int_eq(fate_by(block, block + 16), MARK_REACHED);
}
END_TEST

START_TEST(inside_is_possible)
{
    uintptr_t block = block_of(48);
    ck_assert_int_eq(fate_by(block, block + 8), MARK_POSSIBLE);
    ck_assert_int_eq(fate_by(block, block + 24), MARK_POSSIBLE);
    ck_assert_int_eq(fate_by(block, block + 47), MARK_POSSIBLE);
}
END_TEST

START_TEST(end_keeps_nothing)
{
    uintptr_t block = block_of(48);
    ck_assert_int_eq(fate_by(block, block + 48), MARK_UNREACHED);
    ck_assert_int_eq(fate_by(block, block + 51), MARK_UNREACHED);
    ck_assert_int_eq(fate_by(block, block - 8), MARK_UNREACHED);
    for (size_t bytes = 1; bytes < 64; bytes++) {
        block = block_of(bytes);
        heap_write(block, 0, 1); /* no empty array */
        ck_assert_int_eq(fate_by(block, block + bytes), MARK_UNREACHED);
    }
    block = block_of(16);
    ck_assert_int_eq(fate_by(block, block + 16), MARK_UNREACHED);
}
END_TEST

START_TEST(unaligned_word_keeps_nothing)
{
    uintptr_t block = block_of(48);
    heap_write((uintptr_t)heap_roots, 12, block);
    heap_run();
    ck_assert_int_eq(heap_fate(block), MARK_UNREACHED);
}
END_TEST

START_TEST(own_pointer_keeps_nothing)
{
    uintptr_t block = block_of(48);
    heap_write(block, 8, block);
    heap_run();
    ck_assert_int_eq(heap_fate(block), MARK_UNREACHED);
    ck_assert_ptr_nonnull(heap_finding(1, LEAKFILE_KIND_LOST, 0));
}
END_TEST

START_TEST(size_zero_is_kept_by_its_start_only)
{
    uintptr_t block = block_of(0);
    ck_assert_int_eq(fate_by(block, block + 8), MARK_UNREACHED);
    ck_assert_int_eq(fate_by(block, block + 16), MARK_UNREACHED);
    ck_assert_int_eq(fate_by(block, block), MARK_REACHED);
}
END_TEST

START_TEST(both_offsets_of_neighbouring_slots)
{
    heap_begin();
    uintptr_t first = heap_add(4096, 48); /* its last 16 bytes are in the slot of the second */
    uintptr_t second = heap_add(4096 + 48, 16);
    uintptr_t third = heap_add(4096 + 64, 16);
    ck_assert_int_eq(fate_by(first, first + 40), MARK_POSSIBLE);
    ck_assert_int_eq(heap_fate(second), MARK_UNREACHED);
    ck_assert_int_eq(fate_by(second, second), MARK_REACHED);
    ck_assert_int_eq(heap_fate(first), MARK_UNREACHED);
    ck_assert_int_eq(fate_by(third, third), MARK_REACHED);
    ck_assert_int_eq(heap_fate(second), MARK_UNREACHED);
}
END_TEST

START_TEST(huge_block_is_found_from_all_its_leaves)
{
    heap_begin();
    size_t bytes = 300u << 20;
    uintptr_t huge = heap_add((60u << 20) + 16, bytes);
    uintptr_t child = heap_add(512u << 20, 64);
    heap_write(huge, bytes - 4096, child);
    for (size_t at = 1 << 20; at < bytes; at += 37u << 20)
        ck_assert_int_eq(fate_by(huge, huge + at), MARK_POSSIBLE);
    ck_assert_int_eq(heap_fate(child), MARK_POSSIBLE);
    ck_assert_int_eq(fate_by(child, huge), MARK_REACHED);
    ck_assert_int_eq(fate_by(huge, huge + bytes + 4096), MARK_UNREACHED);
}
END_TEST

START_TEST(unreadable_pages_are_counted_and_survived)
{
    heap_begin();
    uintptr_t block = heap_add(4096, 4 * 4096);
    uintptr_t child = heap_add(64 * 4096, 64);
    heap_write(block, 8192, child); /* readable */
    heap_write(block, 3 * 4096, 0);
    mprotect((void *)(block + 4096), 4096, PROT_NONE); /* NOLINT: an address */
    ck_assert_int_eq(fate_by(child, block), MARK_REACHED);
    ck_assert_uint_eq(heap_mark.pages_unreadable, 1);
    mprotect((void *)(block + 8192), 4096, PROT_NONE); /* NOLINT: an address */
    ck_assert_int_eq(fate_by(child, block), MARK_UNREACHED);
    ck_assert_uint_eq(heap_mark.pages_unreadable, 2);
}
END_TEST

HEAP_MAIN("only_pointers_that_count_keep_a_block", start_keeps, tag_in_three_low_bits_keeps,
          thread_vector_pointer_keeps, inside_is_possible, end_keeps_nothing,
          unaligned_word_keeps_nothing, own_pointer_keeps_nothing,
          size_zero_is_kept_by_its_start_only, both_offsets_of_neighbouring_slots,
          huge_block_is_found_from_all_its_leaves, unreadable_pages_are_counted_and_survived)
