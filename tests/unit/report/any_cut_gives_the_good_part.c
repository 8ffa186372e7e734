/*
 * A file cut at any byte is an error with a message, or the good part with a reason.
 */
#include "suite.h"

#include <stdlib.h>

/* Records of the model, of all kinds: a measure of how much was read. */
static size_t count_records(const struct model *model)
{
    size_t count = 0;
    for (size_t i = 0; i < model->processes.count; i++) {
        const struct process *process = model->processes.items[i];
        count += 1 + process->modules.count + process->stacks.count + process->collections.count +
                 process->holders.count + process->children.count;
    }
    return count;
}

START_TEST(every_prefix_is_read)
{
    struct invented file = {0};
    invent_everything(&file);
    size_t records = 0;
    for (size_t length = 0; length < file.length; length++) {
        struct opened opened;
        suite_open(&opened, file.bytes, length);
        if (length < LEAKFILE_PAGE_BYTES) {
            ck_assert_int_lt(opened.error, 0);
            ck_assert_int_ne(opened.problem.text[0], '\0');
        } else {
            ck_assert_int_eq(opened.error, 0);
            ck_assert_uint_ge(count_records(&opened.model), records);
            records = count_records(&opened.model);
            ck_assert(suite_has_reason(opened.report, LEAKFILE_REASON_FILE_CUT) ||
                      suite_has_reason(opened.report, LEAKFILE_REASON_NO_LAST) ||
                      opened.model.processes.items[opened.model.processes.count - 1]->ended);
        }
        suite_close(&opened);
    }
    ck_assert_uint_gt(records, 10);
    invent_free(&file);
}
END_TEST

START_TEST(whole_file_has_no_reason_for_damage)
{
    struct invented file = {0};
    struct opened opened;
    invent_everything(&file);
    suite_open(&opened, file.bytes, file.length);
    ck_assert_int_eq(opened.error, 0);
    ck_assert(!suite_has_reason(opened.report, LEAKFILE_REASON_FILE_CUT));
    ck_assert(!suite_has_reason(opened.report, LEAKFILE_REASON_NO_LAST));
    ck_assert_uint_eq(opened.model.processes.count, 2);
    suite_close(&opened);
    invent_free(&file);
}
END_TEST

int main(void)
{
    return claims_run(
        "any_cut_gives_the_good_part",
        (const TTest *const[]){every_prefix_is_read, whole_file_has_no_reason_for_damage, NULL});
}
