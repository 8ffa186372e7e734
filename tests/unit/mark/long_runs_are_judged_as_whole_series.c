/* What is kept of a series judges as the whole series does: always while the run is short, and in
 * long runs wherever the halves differ clearly. Ages and confirmations go by collections. */
#include "../../../preload/judge/growth.h"
#include "../../../preload/judge/series.h"
#include "../../../preload/judge/unreached.h"
#include "heap.h"

enum { LONGEST = 3000, WINDOW = 5, KIB = 1 << 10, MIB = 1 << 20 };

static uint64_t values[LONGEST];
static struct series kept;

static uint64_t noise(uint64_t below)
{
    return (uint64_t)rand() % below;
}

/* How many verdicts differ between collections `from` and `to`. */
static size_t count_differences(size_t from, size_t to)
{
    size_t differences = 0;
    kept = (struct series){0};
    series_begin(&kept, 0);
    for (size_t k = 1; k <= to; k++) {
        series_add(&kept, values[k - 1]);
        struct growth_series whole = {values, k, WINDOW, 0};
        if (k >= from)
            differences += growth_judge(&whole) != series_judge(&kept, WINDOW, 0);
    }
    return differences;
}

START_TEST(short_runs_are_exact)
{
    for (unsigned seed = 0; seed < 300; seed++) {
        srand(seed);
        uint64_t here = noise(2) * MIB;
        for (size_t i = 0; i < SERIES_COARSE; i++) {
            here = seed % 3 == 2 && noise(20) == 0 ? here / 2 : here + noise(256 * KIB);
            values[i] = here + (seed % 3 == 1 ? 40 * (uint64_t)MIB / (SERIES_COARSE - i) : 0);
        }
        ck_assert_uint_eq(count_differences(1, SERIES_COARSE), 0);
    }
}
END_TEST

START_TEST(long_straight_lines_are_growing)
{
    uint64_t here = 0;
    for (size_t i = 0; i < LONGEST; i++)
        values[i] = here += 200 * KIB + noise(100 * KIB);
    ck_assert_uint_eq(count_differences(1, LONGEST), 0);
    ck_assert_int_eq(series_judge(&kept, WINDOW, 0), GROWTH_GROWING);
}
END_TEST

START_TEST(long_logarithms_are_settling)
{
    uint64_t here = 0;
    for (size_t i = 0; i < LONGEST; i++)
        values[i] = here += (1ull << 32) / (i + 1);
    ck_assert_uint_eq(count_differences(1, LONGEST), 0);
    ck_assert_int_eq(series_judge(&kept, WINDOW, 0), GROWTH_SETTLING);
}
END_TEST

START_TEST(late_sites_held_nothing_before)
{
    for (size_t i = 0; i < 1000; i++)
        values[i] = i < 700 ? 0 : (i - 699) * MIB;
    kept = (struct series){0};
    series_begin(&kept, 700);
    for (size_t k = 701; k <= 1000; k++) {
        series_add(&kept, values[k - 1]);
        struct growth_series whole = {values, k, WINDOW, 0};
        ck_assert_int_eq(growth_judge(&whole), series_judge(&kept, WINDOW, 0));
    }
    uint64_t last[SERIES_RECENT];
    ck_assert_uint_eq(series_copy(&kept, last, SERIES_RECENT), SERIES_RECENT);
    ck_assert_uint_eq(last[SERIES_RECENT - 1], 300 * MIB);
    ck_assert_uint_eq(last[0], (300 - SERIES_RECENT + 1) * MIB);
}
END_TEST

static struct history *history;

/* A collection of the heap as it is, judged with a history. */
static void collect(uint32_t n, uint32_t confirm, bool is_last)
{
    ledger_birth_next();
    heap_run();
    judge_finish(&heap_judged);
    struct history_request request = {.history = history,
                                      .collection = n,
                                      .window = WINDOW,
                                      .confirm = confirm,
                                      .is_last = is_last,
                                      .is_periodic = !is_last,
                                      .at_ns = n * 1000000000ull};
    ck_assert_int_eq(judge_run(&heap_mark, &request, &heap_judged), 0);
}

START_TEST(findings_are_dated)
{
    heap_begin();
    history = history_map();
    uintptr_t block = heap_add(0, 100);
    heap_roots[0] = block;
    collect(1, 1, false);
    collect(2, 1, false);
    ck_assert_ptr_null(heap_finding(1, LEAKFILE_KIND_LOST, 0));
    heap_roots[0] = 0;
    collect(3, 1, false);
    const struct leakfile_finding *finding = heap_finding(1, LEAKFILE_KIND_LOST, 0);
    ck_assert_uint_eq(finding->first_seen, 3);
    ck_assert_uint_eq(finding->last_reached, 2);
    ck_assert_uint_eq(finding->age_ns, 0);
    heap_add(1 << 20, 100); /* lost at once: never reached */
    collect(4, 1, false);
    finding = heap_finding(1, LEAKFILE_KIND_LOST, 0);
    ck_assert_uint_eq(finding->blocks, 2);
    ck_assert_uint_eq(finding->first_seen, 3);
    ck_assert_uint_eq(finding->confirmed, 2);
    ck_assert_uint_eq(finding->last_reached, 0);
    ck_assert_uint_eq(finding->age_ns, 1000000000);
    history_unmap(history);
}
END_TEST

START_TEST(confirmation_takes_collections_in_a_row)
{
    heap_begin();
    history = history_map();
    uintptr_t block = heap_add(0, 100);
    collect(1, 3, false);
    collect(2, 3, false);
    ck_assert_uint_eq(heap_judged.finding_count, 0);
    ck_assert_uint_eq(heap_judged.reachable.blocks, 1);
    heap_roots[0] = block; /* reached once more: counted from the beginning */
    collect(3, 3, false);
    heap_roots[0] = 0;
    collect(4, 3, false);
    collect(5, 3, false);
    ck_assert_uint_eq(heap_judged.finding_count, 0);
    collect(6, 3, false);
    ck_assert_uint_eq(heap_judged.finding_count, 1);
    ck_assert_uint_eq(heap_judged.lost.blocks, 1);
    heap_add(1 << 20, 50);
    collect(7, 3, true); /* at the end no reference can come back */
    ck_assert_uint_eq(heap_judged.lost.blocks, 2);
    history_unmap(history);
}
END_TEST

START_TEST(blocks_at_an_old_address_are_new)
{
    heap_begin();
    history = history_map();
    uintptr_t block = heap_add(0, 100);
    collect(1, 2, false);
    ck_assert_uint_ne(ledger_take(block), 0);
    heap_add(0, 100);
    collect(2, 2, false);
    ck_assert_uint_eq(heap_judged.finding_count, 0);
    collect(3, 2, false);
    ck_assert_uint_eq(heap_judged.finding_count, 1);
    ck_assert_uint_eq(heap_finding(1, LEAKFILE_KIND_LOST, 0)->first_seen, 2);
    history_unmap(history);
}
END_TEST

START_TEST(growing_sites_are_told)
{
    heap_begin();
    history = history_map();
    for (uint32_t n = 1; n <= 14; n++) {
        heap_roots[n] = heap_add_of((size_t)n << 20, 100000, 7);
        collect(n, 1, false);
        ck_assert_uint_eq(heap_judged.growth_count, n >= 10);
    }
    const struct judge_growth *growth = &heap_judged.growths[0];
    ck_assert_uint_eq(growth->fixed.stack, 7);
    ck_assert_uint_eq(growth->fixed.old.blocks, 13);
    ck_assert_uint_eq(growth->fixed.young.blocks, 1);
    ck_assert_uint_eq(growth->fixed.points, 14);
    ck_assert_uint_eq(growth->points[13], 1300000);
    ck_assert_int_eq(growth->fixed.rate_bytes_per_hour, 100000ll * 3600);
    ck_assert_uint_eq(growth->finding.first_seen, 10);
    collect(15, 1, true);
    ck_assert(!heap_judged.is_growth_judged);
    history_unmap(history);
}
END_TEST

HEAP_MAIN("long_runs_are_judged_as_whole_series", short_runs_are_exact,
          long_straight_lines_are_growing, long_logarithms_are_settling,
          late_sites_held_nothing_before, findings_are_dated,
          confirmation_takes_collections_in_a_row, blocks_at_an_old_address_are_new,
          growing_sites_are_told)
