/* The rows of a function written by hand are those that its call frame information says. */
#include <signal.h>

#include "../../../preload/stacks/cfi.h"
#include "paths.h"

extern char rows_a[], rows_b[], rows_c[], rows_d[], rows_e[], rows_f[], rows_g[], rows_h[],
    rows_end[];

static void assert_row(const char *at, enum cfi_cfa cfa, int32_t cfa_offset)
{
    struct cfi_row row = cfi_find((uintptr_t)at);
    ck_assert_int_eq(row.kind, CFI_PLAIN);
    ck_assert_int_eq(row.cfa, cfa);
    ck_assert_int_eq(row.cfa_offset, cfa_offset);
}

static void assert_fp(const char *at, enum cfi_fp fp, int32_t fp_offset)
{
    struct cfi_row row = cfi_find((uintptr_t)at);
    ck_assert_int_eq(row.fp, fp);
    if (fp != CFI_FP_SAME)
        ck_assert_int_eq(row.fp_offset, fp_offset);
}

START_TEST(each_row)
{
    assert_row(rows_a, CFI_CFA_SP, 8);
    assert_fp(rows_a, CFI_FP_SAME, 0);
    assert_row(rows_b, CFI_CFA_SP, 16);
    assert_fp(rows_b, CFI_FP_AT_CFA, -16);
    assert_row(rows_c, CFI_CFA_FP, 16);
    assert_row(rows_d, CFI_CFA_SP, 8);
    assert_fp(rows_d, CFI_FP_SAME, 0);
    assert_row(rows_e, CFI_CFA_FP, 16);
    assert_fp(rows_e, CFI_FP_AT_CFA, -16);
    assert_row(rows_f, CFI_CFA_SP, 64);
    assert_fp(rows_f, CFI_FP_AT_CFA, -32);
}
END_TEST

START_TEST(odd_rows)
{
    ck_assert_int_eq(cfi_find((uintptr_t)rows_g).kind, CFI_ODD);
    ck_assert_int_eq(cfi_find((uintptr_t)rows_h).kind, CFI_ODD);
}
END_TEST

START_TEST(outermost)
{
    ck_assert_int_eq(cfi_find((uintptr_t)frame_outermost).kind, CFI_END);
}
END_TEST

START_TEST(nothing_known)
{
    ck_assert_int_eq(cfi_find((uintptr_t)rows_end).kind, CFI_NONE);
    ck_assert(cfi_find((uintptr_t)rows_end).is_lasting);
    ck_assert_int_eq(cfi_find((uintptr_t)frame_without_cfi).kind, CFI_NONE);
    ck_assert_int_eq(cfi_find(4096).kind, CFI_NONE);
    ck_assert(!cfi_find(4096).is_lasting);
}
END_TEST

/* Set by the handler: where it returns to. */
static uintptr_t restorer;

static void on_signal(int number)
{
    (void)number;
    restorer = (uintptr_t)__builtin_return_address(0);
}

START_TEST(signal_return)
{
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    ck_assert_int_eq(cfi_find(restorer - 1).kind, CFI_SIGNAL);
}
END_TEST

int main(void)
{
    return path_main(
        "rows say how to leave a frame",
        (const TTest *const[]){each_row, odd_rows, outermost, nothing_known, signal_return, NULL});
}
