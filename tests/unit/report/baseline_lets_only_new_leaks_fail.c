/*
 * The gate with a baseline: known findings pass up to 10 % or one block more, others fail, also
 * where two share an id.
 */
#include "suite.h"

#include "../../../report/gate/baseline.h"

#include <string.h>

/* Findings of one stack each: sizes and counts of blocks, up to a count of 0. */
struct sizes {
    uint64_t bytes, blocks;
};

static void suite_open_findings(struct opened *opened, const struct sizes *sizes)
{
    struct invented file = {0};
    invent_section(&file, 10, 1);
    invent_process(&file, 10, "/invented/program");
    invent_module(&file, 0, "/invented/program");
    invent_collection(&file, 1, LEAKFILE_COLLECTION_LAST);
    for (uint32_t i = 0; sizes[i].blocks != 0; i++) {
        uint64_t address = 0x10100 + i * 0x10;
        invent_stack(&file, i + 1, &address, 1);
        invent_finding(&file, (struct leakfile_finding){.stack = i + 1,
                                                        .kind = LEAKFILE_KIND_LOST,
                                                        .bytes = sizes[i].bytes,
                                                        .blocks = sizes[i].blocks});
    }
    invent_end(&file, LEAKFILE_END_STATUS, 0);
    suite_open(opened, file.bytes, file.length);
    invent_free(&file);
    /* As if all were lines of one function. */
    for (size_t i = 0; i < opened->report->findings.count; i++)
        strcpy(opened->report->findings.items[i]->id, "0123456789abcdef");
}

/* How many findings are new against the baseline. */
static size_t count_new(const struct sizes *before, const struct sizes *after, size_t *gone)
{
    struct opened old, new;
    struct baseline baseline = {0};
    size_t count = 0;
    suite_open_findings(&old, before);
    suite_open_findings(&new, after);
    baseline_take(old.report, &baseline);
    baseline_apply(new.report, &baseline);
    for (size_t i = 0; i < new.report->findings.count; i++)
        count += finding_counts(new.report->findings.items[i]);
    if (gone != NULL)
        *gone = new.report->gone.count;
    suite_close(&old);
    suite_close(&new);
    return count;
}

#define SIZES(...) ((const struct sizes[]){__VA_ARGS__, {0, 0}})

START_TEST(the_same_and_a_little_more_pass)
{
    ck_assert_uint_eq(count_new(SIZES({100, 10}), SIZES({100, 10}), NULL), 0);
    ck_assert_uint_eq(count_new(SIZES({100, 10}), SIZES({110, 12}), NULL), 0);
    ck_assert_uint_eq(count_new(SIZES({100, 1}), SIZES({900, 2}), NULL), 0);
    ck_assert_uint_eq(count_new(SIZES({100, 10}), SIZES({50, 5}), NULL), 0);
}
END_TEST

START_TEST(more_fails)
{
    ck_assert_uint_eq(count_new(SIZES({100, 10}), SIZES({120, 12}), NULL), 1);
    ck_assert_uint_eq(count_new(SIZES({0, 0}), SIZES({1, 1}), NULL), 1);
}
END_TEST

START_TEST(a_second_leak_of_the_same_function_fails_alone)
{
    ck_assert_uint_eq(count_new(SIZES({100, 10}), SIZES({100, 10}, {5, 1}), NULL), 1);
    ck_assert_uint_eq(count_new(SIZES({100, 10}), SIZES({1000, 100}, {100, 10}), NULL), 1);
}
END_TEST

START_TEST(what_is_gone_is_listed)
{
    size_t gone;
    ck_assert_uint_eq(count_new(SIZES({100, 10}, {40, 4}), SIZES({100, 10}), &gone), 0);
    ck_assert_uint_eq(gone, 1);
}
END_TEST

int main(void)
{
    return claims_run("baseline_lets_only_new_leaks_fail",
                      (const TTest *const[]){the_same_and_a_little_more_pass, more_fails,
                                             a_second_leak_of_the_same_function_fails_alone,
                                             what_is_gone_is_listed, NULL});
}
