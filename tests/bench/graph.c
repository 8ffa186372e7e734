/*
 * How long a check for leaks takes: a graph of live blocks, and the time of the checks.
 *
 * Usage: graph SHAPE BLOCKS [checks]      SHAPE: random, list, array; `lost`: as random, held by
 * nothing
 *
 * Blocks are of 64 bytes. random: each points to the next and to two others anywhere; list: each to
 * the next; array: one block holds pointers to all. The graph hangs on one global variable. The
 * check is what is preloaded, LeakSanitizer or Seep, by the function that both have; built with
 * -DBOEHM (and -lgc) a full collection of Boehm's collector, blocks from GC_malloc.
 *
 * Prints the check's milliseconds, the medians of wall and of processor time (its own and that of
 * processes it waited for), and the most memory in KiB before the first check.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#ifdef BOEHM
#include <gc.h>
static void *allocate(size_t bytes)
{
    return GC_malloc(bytes);
}
static void check(void)
{
    GC_gcollect();
}
static void begin(void)
{
#ifdef FIND_LEAK
    GC_set_find_leak(1);
#endif
    GC_set_no_dls(0);
    GC_INIT();
    GC_set_max_heap_size(0);
}
#else
__attribute__((weak)) int __lsan_do_recoverable_leak_check(void);
static void *allocate(size_t bytes)
{
    return malloc(bytes);
}
static void check(void)
{
    if (__lsan_do_recoverable_leak_check != NULL)
        __lsan_do_recoverable_leak_check();
}
static void begin(void)
{
}
#endif

enum { BLOCK_BYTES = 64, LINKS = BLOCK_BYTES / sizeof(void *), CHECKS_MAX = 99 };

struct block {
    struct block *links[LINKS];
};

struct block *root;   /* the graph hangs on it */
struct block **array; /* while it is made, and for good where the shape is an array */

static uint64_t state = 88172645463325252u;

static uint64_t random_next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void make(const char *shape, size_t count)
{
    int is_random = strcmp(shape, "random") == 0 || strcmp(shape, "lost") == 0;
    array = allocate(count * sizeof *array);
    if (array == NULL)
        abort();
    for (size_t i = 0; i < count; i++) {
        array[i] = allocate(sizeof **array);
        if (array[i] == NULL)
            abort();
        memset(array[i], 0, sizeof **array);
    }
    if (strcmp(shape, "array") == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        array[i]->links[0] = array[(i + 1) % count];
        if (is_random) {
            array[i]->links[3] = array[random_next() % count];
            array[i]->links[5] = array[random_next() % count];
        }
    }
    root = strcmp(shape, "lost") == 0 ? NULL : array[random_next() % count];
    memset(array, 0, count * sizeof *array);
#ifndef BOEHM
    free(array);
#endif
    array = NULL;
}

static double wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static double seconds_ms(struct timeval time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_usec * 1e-3;
}

static double processor_ms(void)
{
    double sum = 0;
    for (int who = RUSAGE_CHILDREN; who <= RUSAGE_SELF; who++) { /* -1 and 0 */
        struct rusage use;
        getrusage(who, &use);
        sum += seconds_ms(use.ru_utime) + seconds_ms(use.ru_stime);
    }
    return sum;
}

static int compare(const void *left, const void *right)
{
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

int main(int argc, char **argv)
{
    double wall[CHECKS_MAX], processor[CHECKS_MAX];
    struct rusage use;
    int checks = argc > 3 ? atoi(argv[3]) : 3;
    if (argc < 3 || checks < 1 || checks > CHECKS_MAX)
        return 2;
    begin();
    make(argv[1], strtoul(argv[2], NULL, 10));
    getrusage(RUSAGE_SELF, &use);
    for (int i = 0; i < checks; i++) {
        double wall_begun = wall_ms(), processor_begun = processor_ms();
        check();
        processor[i] = processor_ms() - processor_begun;
        wall[i] = wall_ms() - wall_begun;
    }
    qsort(wall, (size_t)checks, sizeof wall[0], compare);
    qsort(processor, (size_t)checks, sizeof processor[0], compare);
    printf("%.1f %.1f %ld\n", wall[checks / 2], processor[checks / 2], use.ru_maxrss);
    fflush(stdout);
    _Exit(0);
}
