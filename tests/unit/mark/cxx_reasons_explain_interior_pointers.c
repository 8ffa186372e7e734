/* Interior pointers that C++ makes keep their block; the same pointer without the reason does not.
 */
#include "heap.h"

static uint64_t constants[8];
static struct pages_range constant_range;
static struct pages_range code_range;

static enum mark_fate fate_by(uintptr_t block, uint64_t root)
{
    heap_roots[0] = root;
    heap_run();
    return heap_fate(block);
}

START_TEST(array_cookie)
{
    heap_begin();
    uintptr_t array = heap_add(4096, 8 + 5 * 24);
    heap_write(array, 0, 5);
    ck_assert_int_eq(fate_by(array, array + 8), MARK_REACHED);
    ck_assert_int_eq(fate_by(array, array + 24), MARK_POSSIBLE);
    heap_write(array, 0, 7);
    ck_assert_int_eq(fate_by(array, array + 8), MARK_POSSIBLE);
}
END_TEST

START_TEST(array_of_length_zero)
{
    heap_begin();
    uintptr_t array = heap_add(4096, 8);
    ck_assert_int_eq(fate_by(array, array + 8), MARK_REACHED);
    heap_write(array, 0, 1);
    ck_assert_int_eq(fate_by(array, array + 8), MARK_UNREACHED);
}
END_TEST

START_TEST(length_in_front)
{
    heap_begin();
    uintptr_t block = heap_add(4096, 8 + 77);
    heap_write(block, 0, 77);
    ck_assert_int_eq(fate_by(block, block + 8), MARK_REACHED);
    heap_write(block, 0, 76);
    ck_assert_int_eq(fate_by(block, block + 8), MARK_POSSIBLE);
}
END_TEST

START_TEST(old_string_body)
{
    heap_begin();
    uintptr_t string = heap_add(4096, 24 + 30 + 1);
    heap_write(string, 0, 20);
    heap_write(string, 8, 30);
    ck_assert_int_eq(fate_by(string, string + 24), MARK_REACHED);
    heap_write(string, 0, 31);
    ck_assert_int_eq(fate_by(string, string + 24), MARK_POSSIBLE);
    heap_write(string, 0, 20);
    heap_write(string, 8, 29);
    ck_assert_int_eq(fate_by(string, string + 24), MARK_POSSIBLE);
}
END_TEST

START_TEST(new_string_body)
{
    heap_begin();
    uintptr_t string = heap_add(4096, 31);
    ck_assert_int_eq(fate_by(string, string), MARK_REACHED);
}
END_TEST

START_TEST(thrown_object)
{
    heap_begin();
    uintptr_t block = heap_add(4096, 128 + 40);
    heap_write(block, 96, 0x474e5543432b2b00);
    ck_assert_int_eq(fate_by(block, block + 96), MARK_REACHED);
    ck_assert_int_eq(fate_by(block, block + 128), MARK_REACHED);
    ck_assert_int_eq(fate_by(block, block + 64), MARK_POSSIBLE);
    heap_write(block, 96, 0x474e5543432b2b02);
    ck_assert_int_eq(fate_by(block, block + 128), MARK_POSSIBLE);
    heap_write(block, 96, 0x434c4e47432b2b01);
    ck_assert_int_eq(fate_by(block, block + 128), MARK_REACHED);
}
END_TEST

START_TEST(second_base_class)
{
    heap_begin();
    constant_range = (struct pages_range){(uintptr_t)constants, (uintptr_t)(constants + 8)};
    code_range = (struct pages_range){0x5000, 0x6000};
    constants[0] = constants[4] = 0x5010;
    uintptr_t object = heap_add(4096, 64);
    heap_write(object, 0, (uintptr_t)&constants[0]);
    heap_write(object, 32, (uintptr_t)&constants[4]);
    ck_assert_int_eq(fate_by(object, object + 32), MARK_POSSIBLE);
    heap_map = (struct interior_map){&constant_range, 1, &code_range, 1};
    ck_assert_int_eq(fate_by(object, object + 32), MARK_REACHED);
    ck_assert_int_eq(fate_by(object, object + 40), MARK_POSSIBLE);
    heap_write(object, 0, 0);
    ck_assert_int_eq(fate_by(object, object + 32), MARK_POSSIBLE);
}
END_TEST

HEAP_MAIN("cxx_reasons_explain_interior_pointers", array_cookie, array_of_length_zero,
          length_in_front, old_string_body, new_string_body, thrown_object, second_base_class)
