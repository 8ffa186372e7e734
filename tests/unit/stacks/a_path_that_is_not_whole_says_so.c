/* A call path ends where nothing is known, where memory cannot be read and where the depth is
 * reached, and says which; nothing is guessed. */
#include "paths.h"

static const struct depot_stack *path;

__attribute__((noinline)) void keep_path(void)
{
    path = path_here();
    __asm__ volatile("");
}

__attribute__((noinline)) void recurse(int times)
{
    if (times > 0)
        recurse(times - 1);
    else
        keep_path();
    __asm__ volatile("");
}

START_TEST(no_call_frame_information)
{
    ck_assert(stacks_start(64));
    frame_without_cfi(keep_path);
    ck_assert_uint_eq(path->flags, LEAKFILE_STACK_NO_CFI);
    ck_assert_uint_eq(path->frames, 2);
    ck_assert(path_is_at(path, 0, "keep_path"));
    ck_assert(path_is_at(path, 1, "frame_without_cfi"));
}
END_TEST

static void through_without_cfi(void)
{
    frame_without_cfi(keep_path);
    __asm__ volatile("");
}

START_TEST(no_call_frame_information_outside_of_an_odd_frame)
{
    ck_assert(stacks_start(64));
    frame_by_rbx(through_without_cfi);
    ck_assert_uint_eq(path->flags, LEAKFILE_STACK_NO_CFI);
    ck_assert_uint_eq(path->frames, 2);
}
END_TEST

static void through_odd(void)
{
    frame_by_rbx(keep_path);
    __asm__ volatile("");
}

START_TEST(no_call_frame_information_behind_an_odd_frame)
{
    ck_assert(stacks_start(64));
    frame_without_cfi(through_odd);
    ck_assert_uint_eq(path->flags, LEAKFILE_STACK_NO_CFI | LEAKFILE_STACK_ODD);
    ck_assert(path_is_at(path, path->frames - 1, "frame_without_cfi"));
}
END_TEST

START_TEST(frame_address_out_of_reach)
{
    ck_assert(stacks_start(64));
    frame_out_of_reach(keep_path);
    ck_assert_uint_eq(path->flags, LEAKFILE_STACK_NO_CFI);
    ck_assert_uint_eq(path->frames, 2);
}
END_TEST

START_TEST(deeper_than_is_kept)
{
    ck_assert(stacks_start(8));
    recurse(20);
    ck_assert_uint_eq(path->flags, LEAKFILE_STACK_CUT);
    ck_assert_uint_eq(path->frames, 8);
    ck_assert(path_is_at(path, 7, "recurse"));
}
END_TEST

START_TEST(deeper_than_is_kept_with_an_odd_frame)
{
    ck_assert(stacks_start(3));
    frame_by_rbx(keep_path);
    ck_assert_uint_eq(path->flags, LEAKFILE_STACK_CUT | LEAKFILE_STACK_ODD);
    ck_assert_uint_eq(path->frames, 3);
}
END_TEST

START_TEST(exactly_as_deep_as_is_kept)
{
    ck_assert(stacks_start(2));
    frame_outermost(keep_path);
    ck_assert_uint_eq(path->flags, 0);
    ck_assert_uint_eq(path->frames, 2);
}
END_TEST

int main(void)
{
    return path_main("a path that is not whole says so",
                     (const TTest *const[]){no_call_frame_information,
                                            no_call_frame_information_outside_of_an_odd_frame,
                                            no_call_frame_information_behind_an_odd_frame,
                                            frame_address_out_of_reach, deeper_than_is_kept,
                                            deeper_than_is_kept_with_an_odd_frame,
                                            exactly_as_deep_as_is_kept, NULL});
}
