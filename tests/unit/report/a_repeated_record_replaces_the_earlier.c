/*
 * Of records with one key the last counts; a finding without blocks is gone.
 */
#include "suite.h"

static struct leakfile_finding finding_of(uint64_t bytes, uint64_t blocks)
{
    return (struct leakfile_finding){.stack = 1,
                                     .kind = LEAKFILE_KIND_LOST,
                                     .confirmed = 1,
                                     .first_seen = 1,
                                     .bytes = bytes,
                                     .blocks = blocks};
}

static void invent_start(struct invented *file)
{
    static const uint64_t addresses[] = {0x10100};
    invent_section(file, 10, 1);
    invent_process(file, 10, "/bin/first");
    invent_module(file, 0, "/bin/first");
    invent_stack(file, 1, addresses, 1);
    invent_collection(file, 1, 0);
    invent_finding(file, finding_of(100, 1));
    invent_frame(file);
    invent_collection(file, 2, LEAKFILE_COLLECTION_LAST);
    invent_end(file, LEAKFILE_END_STATUS, 0);
}

START_TEST(the_last_one_counts)
{
    struct invented file = {0};
    struct opened opened;
    invent_start(&file);
    invent_finding(&file, finding_of(300, 3));
    invent_finding(&file, finding_of(200, 2));
    suite_open(&opened, file.bytes, file.length);
    ck_assert_uint_eq(opened.report->findings.count, 1);
    ck_assert_uint_eq(opened.report->findings.items[0]->bytes, 200);
    ck_assert_int_eq(opened.report->verdict, VERDICT_LEAKS);
    suite_close(&opened);
    invent_free(&file);
}
END_TEST

START_TEST(without_blocks_it_is_gone)
{
    struct invented file = {0};
    struct opened opened;
    invent_start(&file);
    invent_finding(&file, finding_of(0, 0));
    suite_open(&opened, file.bytes, file.length);
    ck_assert_uint_eq(opened.report->findings.count, 0);
    ck_assert_int_eq(opened.report->verdict, VERDICT_CLEAN);
    suite_close(&opened);
    invent_free(&file);
}
END_TEST

START_TEST(an_exec_that_failed_takes_the_end_back)
{
    struct invented file = {0};
    struct opened opened;
    invent_section(&file, 10, 1);
    invent_process(&file, 10, "/bin/first");
    invent_end(&file, LEAKFILE_END_EXEC, 0);
    invent_end(&file, LEAKFILE_END_OPEN, 0);
    suite_open(&opened, file.bytes, file.length);
    ck_assert(suite_has_reason(opened.report, LEAKFILE_REASON_NO_LAST));
    suite_close(&opened);
    invent_free(&file);
}
END_TEST

int main(void)
{
    return claims_run("a_repeated_record_replaces_the_earlier",
                      (const TTest *const[]){the_last_one_counts, without_blocks_it_is_gone,
                                             an_exec_that_failed_takes_the_end_back, NULL});
}
