/* The growth rule on series: steady growth is growing, a filling cache settles, a saw-tooth, a
 * start-up and a small rise are nothing. */
#include "../../../preload/judge/growth.h"
#include "heap.h"

enum { LONGEST = 80, MIB = 1 << 20 };

static uint64_t series[LONGEST];

static enum growth_verdict judge_first(size_t count)
{
    struct growth_series all = {series, count, 5, 10 * (uint64_t)MIB};
    return growth_judge(&all);
}

START_TEST(steady_rise_is_growing)
{
    for (size_t i = 0; i < LONGEST; i++)
        series[i] = (i + 1) * MIB;
    ck_assert_int_eq(judge_first(4), GROWTH_NONE);
    ck_assert_int_eq(judge_first(5), GROWTH_RISING);
    ck_assert_int_eq(judge_first(9), GROWTH_RISING);
    for (size_t count = 10; count <= LONGEST; count++)
        ck_assert_int_eq(judge_first(count), GROWTH_GROWING);
}
END_TEST

START_TEST(uneven_rise_is_growing)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < LONGEST; i++)
        series[i] = sum += (3 + i * 7 % 5) * (MIB / 4);
    for (size_t count = 15; count <= LONGEST; count++)
        ck_assert_int_eq(judge_first(count), GROWTH_GROWING);
}
END_TEST

START_TEST(filling_cache_is_settling)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < LONGEST; i++)
        series[i] = sum += 8 * (uint64_t)MIB / (i + 1); /* the harmonic series: a logarithm */
    for (size_t count = 10; count <= LONGEST; count++)
        ck_assert_int_ne(judge_first(count), GROWTH_GROWING);
    ck_assert_int_eq(judge_first(24), GROWTH_SETTLING);
}
END_TEST

START_TEST(saw_tooth_is_nothing)
{
    for (size_t i = 0; i < LONGEST; i++)
        series[i] = (10 + i % 8) * MIB;
    for (size_t count = 9; count <= LONGEST; count++)
        ck_assert_int_eq(judge_first(count), GROWTH_NONE);
}
END_TEST

START_TEST(one_step_is_nothing)
{
    for (size_t i = 0; i < LONGEST; i++)
        series[i] = (i < 20 ? 1 : 50) * MIB;
    for (size_t count = 6; count <= LONGEST; count++)
        ck_assert_int_eq(judge_first(count), GROWTH_NONE);
}
END_TEST

START_TEST(small_rise_is_nothing)
{
    for (size_t i = 0; i < LONGEST; i++)
        series[i] = (i + 1) * (16 << 10); /* 80 KiB in five, below 1 % of 10 MiB */
    ck_assert_int_eq(judge_first(40), GROWTH_NONE);
    struct growth_series alone = {series, 40, 5, 0};
    ck_assert_int_eq(growth_judge(&alone), GROWTH_GROWING);
}
END_TEST

START_TEST(burst_among_small_rises_is_nothing)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < LONGEST; i++)
        series[i] = sum += i % 5 == 0 ? 10 * MIB : 1024;
    for (size_t count = 10; count <= LONGEST; count++)
        ck_assert_int_eq(judge_first(count), GROWTH_NONE);
}
END_TEST

HEAP_MAIN("only_steady_growth_is_growing", steady_rise_is_growing, uneven_rise_is_growing,
          filling_cache_is_settling, saw_tooth_is_nothing, one_step_is_nothing,
          small_rise_is_nothing, burst_among_small_rises_is_nothing)
