/*
 * In a file of several sections, the others are read whatever happens to one of them.
 */
#include "suite.h"

#include <string.h>

static void invent_two(struct invented *file)
{
    invent_section(file, 10, 1);
    invent_process(file, 10, "/bin/first");
    invent_frame(file);
    invent_collection(file, 1, LEAKFILE_COLLECTION_LAST);
    invent_end(file, LEAKFILE_END_STATUS, 0);
    invent_section(file, 20, 1);
    invent_process(file, 20, "/bin/second");
    invent_collection(file, 1, LEAKFILE_COLLECTION_LAST);
    invent_end(file, LEAKFILE_END_STATUS, 0);
}

START_TEST(the_next_section_is_found)
{
    struct invented file = {0};
    struct opened opened;
    invent_two(&file);
    file.bytes[LEAKFILE_PAGE_BYTES + 100] ^= 1; /* in the first frame */
    suite_open(&opened, file.bytes, file.length);
    ck_assert_int_eq(opened.error, 0);
    ck_assert_uint_eq(opened.model.processes.count, 2);
    ck_assert_str_eq(opened.model.processes.items[1]->program, "second");
    ck_assert(suite_has_reason(opened.report, LEAKFILE_REASON_FILE_CUT));
    ck_assert_int_eq(opened.report->verdict, VERDICT_INCONCLUSIVE);
    suite_close(&opened);
    invent_free(&file);
}
END_TEST

START_TEST(a_damaged_first_page_leaves_the_second_section)
{
    struct invented file = {0};
    struct opened opened;
    invent_two(&file);
    file.bytes[20] ^= 1;
    suite_open(&opened, file.bytes, file.length);
    ck_assert_int_eq(opened.error, 0);
    ck_assert_uint_eq(opened.model.processes.count, 1);
    ck_assert_uint_eq(opened.model.processes.items[0]->pid, 20);
    ck_assert_int_eq(opened.report->verdict, VERDICT_INCONCLUSIVE);
    suite_close(&opened);
    invent_free(&file);
}
END_TEST

START_TEST(another_version_is_named)
{
    struct invented file = {0};
    struct opened opened;
    invent_section(&file, 10, 1);
    invent_process(&file, 10, "/bin/first");
    file.bytes[8] = 7;
    suite_open(&opened, file.bytes, file.length);
    ck_assert_int_lt(opened.error, 0);
    ck_assert_ptr_nonnull(strstr(opened.problem.text, "format version 7"));
    ck_assert_ptr_nonnull(strstr(opened.problem.text, "reads version 1"));
    suite_close(&opened);
    invent_free(&file);
}
END_TEST

START_TEST(something_else_is_no_leak_report_file)
{
    struct opened opened;
    suite_open(&opened, (const uint8_t *)"#!/bin/sh\n", 10);
    ck_assert_int_lt(opened.error, 0);
    ck_assert_ptr_nonnull(strstr(opened.problem.text, "not a leak report file"));
    suite_close(&opened);
    suite_open(&opened, (const uint8_t *)"", 0);
    ck_assert_int_lt(opened.error, 0);
    ck_assert_ptr_nonnull(strstr(opened.problem.text, "empty"));
    suite_close(&opened);
}
END_TEST

int main(void)
{
    return claims_run("damage_costs_only_the_rest_of_its_section",
                      (const TTest *const[]){
                          the_next_section_is_found, a_damaged_first_page_leaves_the_second_section,
                          another_version_is_named, something_else_is_no_leak_report_file, NULL});
}
