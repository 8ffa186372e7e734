/*
 * A process without an end, a program that left no section and a failed last collection are
 * reasons; those of the first process of a tree make the report inconclusive.
 */
#include "suite.h"

static void invent_parent(struct invented *file)
{
    invent_section(file, 10, 1);
    invent_process(file, 10, "/bin/make");
    invent_option(file, "keep", "yes");
    invent_collection(file, 1, LEAKFILE_COLLECTION_LAST);
}

static enum verdict verdict_of(struct invented *file, uint32_t code, bool strict)
{
    struct opened opened;
    suite_open(&opened, file->bytes, file->length);
    ck_assert_int_eq(opened.error, 0);
    if (code != 0)
        ck_assert(suite_has_reason(opened.report, code));
    else
        ck_assert_uint_eq(opened.report->reasons.count, 0);
    opened.gate.rules.strict = strict;
    ck_assert_int_eq(gate_apply(&opened.gate, opened.report, &opened.problem), 0);
    enum verdict verdict = opened.report->verdict;
    suite_close(&opened);
    return verdict;
}

START_TEST(a_process_without_an_end)
{
    struct invented file = {0};
    invent_section(&file, 10, 1);
    invent_process(&file, 10, "/bin/first");
    invent_collection(&file, 1, 0);
    ck_assert_int_eq(verdict_of(&file, LEAKFILE_REASON_NO_LAST, false), VERDICT_INCONCLUSIVE);
    invent_free(&file);
}
END_TEST

START_TEST(a_process_that_recorded_nothing_is_clean)
{
    struct invented file = {0};
    invent_section(&file, 10, 1);
    invent_process(&file, 10, "/bin/true");
    invent_end(&file, LEAKFILE_END_STATUS, 0);
    ck_assert_int_eq(verdict_of(&file, 0, false), VERDICT_CLEAN);
    invent_free(&file);
}
END_TEST

START_TEST(a_child_without_a_file_counts_only_when_strict)
{
    struct invented file = {0};
    invent_parent(&file);
    invent_child(&file, 11, LEAKFILE_CHILD_SPAWN, "/sbin/ldconfig");
    invent_end(&file, LEAKFILE_END_STATUS, 0);
    ck_assert_int_eq(verdict_of(&file, LEAKFILE_REASON_CHILD_NO_FILE, false), VERDICT_CLEAN);
    ck_assert_int_eq(verdict_of(&file, LEAKFILE_REASON_CHILD_NO_FILE, true), VERDICT_INCONCLUSIVE);
    invent_free(&file);
}
END_TEST

START_TEST(an_exec_into_the_dark_is_inconclusive)
{
    struct invented file = {0};
    invent_parent(&file);
    invent_child(&file, 10, LEAKFILE_CHILD_EXEC, "/sbin/ldconfig");
    invent_end(&file, LEAKFILE_END_EXEC, 0);
    ck_assert_int_eq(verdict_of(&file, LEAKFILE_REASON_NOT_STARTED, false), VERDICT_INCONCLUSIVE);
    invent_free(&file);
}
END_TEST

START_TEST(an_exec_that_failed_is_nothing)
{
    struct invented file = {0};
    invent_parent(&file);
    invent_child(&file, 10, LEAKFILE_CHILD_EXEC, "/nowhere/sh");
    invent_child(&file, 10, LEAKFILE_CHILD_EXEC_FAILED, "/nowhere/sh");
    invent_end(&file, LEAKFILE_END_STATUS, 0);
    ck_assert_int_eq(verdict_of(&file, 0, false), VERDICT_CLEAN);
    invent_free(&file);
}
END_TEST

START_TEST(a_killed_child_is_told_only)
{
    struct invented file = {0};
    invent_parent(&file);
    invent_child(&file, 11, LEAKFILE_CHILD_FORK, "");
    invent_end(&file, LEAKFILE_END_STATUS, 0);
    invent_section(&file, 11, 10);
    invent_process(&file, 11, "/usr/bin/yes");
    ck_assert_int_eq(verdict_of(&file, LEAKFILE_REASON_NO_LAST, true), VERDICT_INCONCLUSIVE);
    invent_free(&file);
}
END_TEST

START_TEST(missed_threads_are_inconclusive)
{
    struct invented file = {0};
    invent_parent(&file);
    invent_reason(&file, LEAKFILE_REASON_THREADS_MISSED, "1 of 3");
    invent_end(&file, LEAKFILE_END_STATUS, 0);
    ck_assert_int_eq(verdict_of(&file, LEAKFILE_REASON_THREADS_MISSED, false),
                     VERDICT_INCONCLUSIVE);
    invent_free(&file);
}
END_TEST

int main(void)
{
    return claims_run("what_is_missing_is_told",
                      (const TTest *const[]){
                          a_process_without_an_end, a_process_that_recorded_nothing_is_clean,
                          a_child_without_a_file_counts_only_when_strict,
                          an_exec_into_the_dark_is_inconclusive, an_exec_that_failed_is_nothing,
                          a_killed_child_is_told_only, missed_threads_are_inconclusive, NULL});
}
