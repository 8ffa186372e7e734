/*
 * What a pair of malloc and free costs at a given depth of stack, in one thread or in several.
 *
 * Usage: pairs DEPTH THREADS PAIRS [wrapped]. Prints nanoseconds of processor time a pair: each
 * thread measures eleven rounds with its own clock, the middle one counts; of the threads the mean.
 * With one thread it is the main thread and the program stays single-threaded, as most are.
 * `wrapped`: the calls come through one wrapper around malloc, from four places.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 11, THREADS_MAX = 256, OUTER_MAIN = 4, OUTER_THREAD = 3 };

/* Set once by main, before threads. */
static long pairs_count;
static int pairs_depth;
static bool pairs_are_wrapped;

static uint64_t clock_thread_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

__attribute__((noinline)) static void *wrapper(size_t bytes)
{
    void *block = malloc(bytes);
    if (block == NULL)
        abort();
    return block;
}

#define PAIR(allocate)                                                                             \
    do {                                                                                           \
        void *block = allocate(48);                                                                \
        __asm__ volatile("" ::"r"(block) : "memory");                                              \
        free(block);                                                                               \
    } while (0)

static inline __attribute__((always_inline)) void run(void)
{
    if (!pairs_are_wrapped) {
        for (long i = 0; i < pairs_count; i++)
            PAIR(malloc);
        return;
    }
    for (long i = 0; i < pairs_count; i += 4) {
        PAIR(wrapper);
        PAIR(wrapper);
        PAIR(wrapper);
        PAIR(wrapper);
    }
}

static int compare(const void *left, const void *right)
{
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

/* Nanoseconds a pair; a part of its caller, so that it adds no frame. */
static inline __attribute__((always_inline)) double measure(void)
{
    double taken[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t begun = clock_thread_ns();
        run();
        taken[i] = (double)(clock_thread_ns() - begun) / (double)pairs_count;
    }
    qsort(taken, ROUNDS, sizeof taken[0], compare);
    return taken[ROUNDS / 2];
}

__attribute__((noinline)) static double measure_deeper(int frames)
{
    double taken = frames > 1 ? measure_deeper(frames - 1) : measure();
    __asm__ volatile("");
    return taken;
}

static void *thread_main(void *result)
{
    int deeper = pairs_depth - OUTER_THREAD - pairs_are_wrapped;
    *(double *)result = deeper > 0 ? measure_deeper(deeper) : measure();
    return NULL;
}

static double measure_threads(int threads)
{
    static double taken[THREADS_MAX];
    static pthread_t ids[THREADS_MAX];
    for (int i = 0; i < threads; i++)
        if (pthread_create(&ids[i], NULL, thread_main, &taken[i]) != 0)
            exit(EXIT_FAILURE);
    double sum = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
        sum += taken[i];
    }
    return sum / threads;
}

int main(int count, char **arguments)
{
    int threads = count > 2 ? atoi(arguments[2]) : 1;
    pairs_depth = count > 1 ? atoi(arguments[1]) : 14;
    pairs_count = count > 3 ? atol(arguments[3]) : 200000;
    pairs_are_wrapped = count > 4;
    if (threads < 1 || threads > THREADS_MAX || pairs_count < 1)
        return EXIT_FAILURE;
    double taken;
    int deeper = pairs_depth - OUTER_MAIN - pairs_are_wrapped;
    if (threads > 1)
        taken = measure_threads(threads);
    else
        taken = deeper > 0 ? measure_deeper(deeper) : measure();
    printf("%.2f\n", taken);
    return EXIT_SUCCESS;
}
