/* A finding is written when it is new, when it changed, and when it is gone; once each. A file that
 * grows too fast waits for larger changes, until everything is asked for. */

#include "../../../preload/write/delta.h"
#include "../../support/claims.h"

static struct delta *delta;

static void begin(bool is_exact, bool has_growth)
{
    delta_begin(delta, (struct delta_round){is_exact, true, has_growth});
}

static struct leakfile_finding finding_of(uint32_t stack, uint32_t kind, uint64_t blocks)
{
    return (struct leakfile_finding){
        .stack = stack, .kind = kind, .bytes = 10 * blocks, .blocks = blocks};
}

static bool wants(uint32_t stack, uint32_t kind, uint64_t blocks)
{
    struct leakfile_finding finding = finding_of(stack, kind, blocks);
    return delta_wants(delta, &finding, 64);
}

static size_t gone(void)
{
    struct leakfile_finding finding;
    size_t count = 0;
    for (uint32_t at = 0; delta_next_gone(delta, &at, &finding); count++)
        ck_assert_uint_eq(finding.blocks, 0);
    return count;
}

START_TEST(the_same_is_written_once)
{
    delta = delta_map();
    ck_assert_ptr_nonnull(delta);
    begin(false, false);
    ck_assert(wants(1, LEAKFILE_KIND_LOST, 5));
    ck_assert(wants(1, LEAKFILE_KIND_POSSIBLE, 5));
    ck_assert_uint_eq(gone(), 0);
    begin(false, false);
    ck_assert(!wants(1, LEAKFILE_KIND_LOST, 5));
    ck_assert(wants(1, LEAKFILE_KIND_POSSIBLE, 6));
    ck_assert_uint_eq(gone(), 0);
    delta_unmap(delta);
}
END_TEST

START_TEST(what_is_gone_is_told_once)
{
    delta = delta_map();
    begin(false, false);
    ck_assert(wants(1, LEAKFILE_KIND_LOST, 5));
    begin(false, false);
    ck_assert_uint_eq(gone(), 1);
    begin(false, false);
    ck_assert_uint_eq(gone(), 0);
    begin(false, false);
    ck_assert(wants(1, LEAKFILE_KIND_LOST, 5));
    delta_unmap(delta);
}
END_TEST

START_TEST(growth_goes_only_where_it_was_judged)
{
    delta = delta_map();
    begin(false, true);
    ck_assert(wants(1, LEAKFILE_KIND_GROWING, 5));
    begin(true, false); /* the last collection: growth stays what it was */
    ck_assert_uint_eq(gone(), 0);
    begin(false, true);
    ck_assert_uint_eq(gone(), 1);
    delta_unmap(delta);
}
END_TEST

START_TEST(lists_of_blocks_leave_half_of_the_file_to_the_rest)
{
    delta = delta_map();
    size_t written = 0;
    for (uint32_t round = 1; round <= 2000; round++) {
        begin(false, false);
        struct leakfile_finding list = {.stack = 1,
                                        .kind = DELTA_KIND_OBJECTS + LEAKFILE_KIND_LOST,
                                        .bytes = round * 0x9E3779B9u,
                                        .blocks = 1};
        written += delta_wants(delta, &list, 24000) ? 24000 : 0;
        ck_assert(!delta_wants(delta, &list, 24000)); /* the same again */
        ck_assert_uint_eq(gone(), 0);
    }
    ck_assert_uint_gt(written, DELTA_SAVED / 4);
    ck_assert_uint_lt(written, DELTA_SAVED / 2 + 2000 * DELTA_EARNED + 24000);
    begin(true, false); /* the last one tells all */
    struct leakfile_finding list = {
        .stack = 1, .kind = DELTA_KIND_OBJECTS + LEAKFILE_KIND_LOST, .bytes = 7, .blocks = 1};
    ck_assert(delta_wants(delta, &list, 24000));
    delta_unmap(delta);
}
END_TEST

START_TEST(a_poor_file_waits_for_larger_changes)
{
    delta = delta_map();
    uint64_t blocks = 1000000;
    uint64_t written = 0;
    begin(false, false);
    ck_assert(wants(1, LEAKFILE_KIND_LOST, blocks));
    for (int i = 0; i < 100000; i++) {
        begin(false, false);
        struct leakfile_finding finding = finding_of(1, LEAKFILE_KIND_LOST, ++blocks);
        written += delta_wants(delta, &finding, 4096);
    }
    ck_assert_uint_gt(written, 1000);
    ck_assert_uint_lt(written, 12000);
    begin(false, false);
    ck_assert(!wants(1, LEAKFILE_KIND_LOST, blocks + 1));
    begin(true, false);
    ck_assert(wants(1, LEAKFILE_KIND_LOST, blocks + 1));
    delta_unmap(delta);
}
END_TEST

START_TEST(a_new_file_gets_everything_again)
{
    delta = delta_map();
    begin(false, false);
    ck_assert(wants(1, LEAKFILE_KIND_LOST, 5));
    delta_forget(delta);
    begin(false, false);
    ck_assert(wants(1, LEAKFILE_KIND_LOST, 5));
    delta_unmap(delta);
}
END_TEST

int main(void)
{
    return claims_run("only_changes_are_written",
                      (const TTest *const[]){the_same_is_written_once, what_is_gone_is_told_once,
                                             growth_goes_only_where_it_was_judged,
                                             lists_of_blocks_leave_half_of_the_file_to_the_rest,
                                             a_poor_file_waits_for_larger_changes,
                                             a_new_file_gets_everything_again, NULL});
}
