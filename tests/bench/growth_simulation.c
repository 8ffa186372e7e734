/*
 * The growth rule on simulated programs: how often each kind of site gets which verdict after 12,
 * 24, 40 and 80 collections, beside the plain rule (the last n values all rose).
 *
 *     growth_simulation [SEEDS]
 *
 * Prints a table for people. The floor of the rule (64 KiB, 1 % of heapUsed) is far below what the
 * sites hold here. With the numbers of this table the rule was chosen; a change of the rule is to
 * be better in it.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../preload/judge/growth.h"

enum { WINDOW = 5, LONGEST = 80, SEEDS = 300, VERDICTS = 4 };

static const size_t lengths[] = {12, 24, 40, 80};

static double uniform(void)
{
    return (rand() + 0.5) / ((double)RAND_MAX + 1);
}

static double poisson(double mean)
{
    double limit = exp(-mean);
    double product = uniform();
    double count = 0;
    for (; product > limit; product *= uniform())
        count++;
    return count;
}

static double normal(void)
{
    return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

/* Bytes at collection i (1 …), given those at the one before; in MB. */
typedef double model(size_t i, double before);

static double steady_leak(size_t i, double before)
{
    (void)i;
    return before + 1;
}

static double poisson_leak(size_t i, double before)
{
    (void)i;
    return before + poisson(10) / 10;
}

/* The load varies five-fold from one collection to the next. */
static double leak_under_load(size_t i, double before)
{
    (void)i;
    return before + (1 + 4 * uniform()) / 3;
}

/* The load swings five-fold, with a period of a dozen collections. While it falls, the leak looks
 * as if it settled. */
static double leak_under_tide(size_t i, double before)
{
    return before + 0.6 + 0.4 * sin(2 * M_PI * (double)i / 12) + 0.05 * normal();
}

/* The fastest start of all, then nothing more. */
static double start_up(size_t i, double before)
{
    return i <= 6 ? before + 10 + normal() : before;
}

static double cache_to_a_bound(size_t i, double before)
{
    (void)i;
    return before + (50 - before) * 0.15;
}

static double cache_without_bound(size_t i, double before)
{
    return before + 40.0 / (double)i * (1 + 0.02 * normal());
}

static double saw_tooth(size_t i, double before)
{
    return i % 9 == 0 ? 5 : before + 2 + 0.2 * normal();
}

static double steps(size_t i, double before)
{
    return i % 8 == 0 ? before + 10 : before;
}

static double random_walk(size_t i, double before)
{
    double here = (i == 1 ? 100 : before) + 2 * normal();
    return here > 0 ? here : 0;
}

static double noise(size_t i, double before)
{
    (void)i;
    (void)before;
    return 50 + 3 * normal();
}

/* One site falls while another rises: heapUsed stays, the falling one must not be blamed. */
static double falling(size_t i, double before)
{
    return i == 1 ? 100 : before - 1;
}

static double linear_cache(size_t i, double before)
{
    return i <= 30 ? before + 1 : before;
}

static const struct {
    const char *name;
    model *next;
} models[] = {
    {"steady leak", steady_leak},
    {"Poisson leak", poisson_leak},
    {"leak under varying load", leak_under_load},
    {"leak under a slow tide", leak_under_tide},
    {"start-up", start_up},
    {"cache, filling to a bound", cache_to_a_bound},
    {"cache, logarithmic", cache_without_bound},
    {"cache, linear, full at 30", linear_cache},
    {"saw-tooth", saw_tooth},
    {"steps", steps},
    {"random walk", random_walk},
    {"noise", noise},
    {"falling while another rises", falling},
};

struct counts {
    unsigned verdicts[VERDICTS];
    unsigned plain; /* the plain rule warned at some collection up to here */
};

static int rose(const uint64_t *bytes, size_t count)
{
    for (size_t i = count - WINDOW; i < count; i++)
        if (bytes[i] <= (i == 0 ? 0 : bytes[i - 1]))
            return 0;
    return 1;
}

static void simulate(model *next, unsigned seed, struct counts *counts)
{
    uint64_t bytes[LONGEST];
    double here = 0;
    int warned = 0;
    size_t length = 0;
    srand(seed);
    for (size_t i = 1; i <= LONGEST; i++) {
        here = next(i, here);
        bytes[i - 1] = (uint64_t)(here * 1e6);
        warned |= i >= WINDOW && rose(bytes, i);
        if (i != lengths[length])
            continue;
        struct growth_series series = {bytes, i, WINDOW, 0};
        counts[length].verdicts[growth_judge(&series)]++;
        counts[length].plain += (unsigned)warned;
        length++;
    }
}

int main(int argc, char **argv)
{
    unsigned seeds = argc > 1 ? (unsigned)atoi(argv[1]) : SEEDS;
    printf("%% of %u seeds, n = %d: growing / settling, and in brackets: the plain rule warned\n",
           seeds, WINDOW);
    printf("%-28s", "");
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        printf("      k = %2zu      ", lengths[i]);
    putchar('\n');
    for (size_t m = 0; m < sizeof models / sizeof *models; m++) {
        struct counts counts[sizeof lengths / sizeof *lengths] = {0};
        for (unsigned seed = 0; seed < seeds; seed++)
            simulate(models[m].next, seed + 1, counts);
        printf("%-28s", models[m].name);
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
            printf("  %5.1f /%5.1f (%3u)", 100.0 * counts[i].verdicts[GROWTH_GROWING] / seeds,
                   100.0 * counts[i].verdicts[GROWTH_SETTLING] / seeds,
                   100 * counts[i].plain / seeds);
        putchar('\n');
    }
    return 0;
}
