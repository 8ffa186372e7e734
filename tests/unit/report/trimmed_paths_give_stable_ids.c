/*
 * Wrappers and starters are trimmed; ids come from names, and from places where there is none.
 */
#include "suite.h"

#include "../../../report/aggregate/steps.h"

#include <string.h>

static const struct module program = {.path = "/build/one/program"};
static const struct module moved = {.path = "/build/two/program"};
static const struct module libc = {.path = "/lib/x86_64-linux-gnu/libc.so.6"};
static const struct module seep = {.path = "/usr/lib/seep/libseep.so"};

static struct frame named(const char *function)
{
    return (struct frame){.function = function, .module = &program, .offset = 0x10};
}

static struct frame unnamed(const struct module *module, uint64_t offset)
{
    return (struct frame){.module = module, .offset = offset};
}

static struct path path_of(struct frame *frames, size_t count)
{
    return (struct path){.frames = frames, .count = count, .depth = count};
}

START_TEST(wrappers_and_starters_go)
{
    struct arena arena = {0};
    struct frame frames[] = {
        unnamed(&seep, 1),
        named("malloc"),
        named("operator new(unsigned long)"),
        named("std::__new_allocator<int>::allocate(unsigned long, void const*)"),
        named("std::allocator_traits<std::allocator<int> >::allocate(std::allocator<int>&, "
              "unsigned long)"),
        named("std::_Vector_base<int, std::allocator<int> >::_M_allocate(unsigned long)"),
        named("fill"),
        named("main"),
        unnamed(&libc, 0x2724a),
        named("__libc_start_main"),
        unnamed(&program, 0x1060),
    };
    struct path whole = path_of(frames, sizeof frames / sizeof frames[0]);
    struct path path = path_trim(&arena, &whole);
    ck_assert_uint_eq(path.count, 2);
    ck_assert_str_eq(path.frames[0].function, "fill");
    ck_assert_str_eq(path.frames[1].function, "main");
    arena_free(&arena);
}
END_TEST

START_TEST(rust_starts_where_main_does)
{
    struct arena arena = {0};
    struct frame frames[] = {
        named("alloc::raw_vec::RawVec<T,A>::with_capacity_in"),
        named("program::main"),
        named("core::ops::function::FnOnce::call_once"),
        named("std::sys::backtrace::__rust_begin_short_backtrace"),
        named("std::rt::lang_start"),
        named("main"),
        named("__libc_start_main"),
    };
    struct path whole = path_of(frames, sizeof frames / sizeof frames[0]);
    struct path path = path_trim(&arena, &whole);
    ck_assert_uint_eq(path.count, 1);
    ck_assert_str_eq(path.frames[0].function, "program::main");
    arena_free(&arena);
}
END_TEST

START_TEST(one_frame_stays)
{
    struct arena arena = {0};
    struct frame frames[] = {named("malloc"), named("xmalloc"), named("_start")};
    struct path whole = path_of(frames, 3);
    struct path path = path_trim(&arena, &whole);
    ck_assert_uint_eq(path.count, 1);
    arena_free(&arena);
}
END_TEST

START_TEST(ids_do_not_know_lines_and_folders)
{
    struct frame first[] = {named("leak"), unnamed(&program, 0x42)};
    struct frame second[] = {named("leak"), unnamed(&moved, 0x42)};
    second[0].line = 77;
    second[0].offset = 0x9999;
    char a[17], b[17], c[17];
    struct path one = path_of(first, 2);
    struct path two = path_of(second, 2);
    path_identify("program", &one, a);
    path_identify("program", &two, b);
    path_identify("another", &one, c);
    ck_assert_str_eq(a, b);
    ck_assert_str_ne(a, c);
}
END_TEST

START_TEST(two_leaks_of_a_stripped_program_have_two_ids)
{
    struct frame first[] = {unnamed(&program, 0x42)};
    struct frame second[] = {unnamed(&program, 0x52)};
    char a[17], b[17];
    struct path one = path_of(first, 1);
    struct path two = path_of(second, 1);
    path_identify("program", &one, a);
    path_identify("program", &two, b);
    ck_assert_str_ne(a, b);
}
END_TEST

int main(void)
{
    return claims_run("trimmed_paths_give_stable_ids",
                      (const TTest *const[]){wrappers_and_starters_go, rust_starts_where_main_does,
                                             one_frame_stays, ids_do_not_know_lines_and_folders,
                                             two_leaks_of_a_stripped_program_have_two_ids, NULL});
}
