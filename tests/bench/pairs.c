/*
 * What a pair of malloc and free costs at a given depth of stack, in one thread or in several.
 *
 * Usage: pairs DEPTH THREADS PAIRS [wrapped]. Prints nanoseconds of processor time a pair: each thread
 * measures ten rounds with its own clock, the middle one counts; of the threads the mean. With one
 * thread it is the main thread and the program stays single-threaded, as most are. `wrapped`: the
 * calls come through one wrapper around malloc, from eight places.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 11, THREADS_MAX = 256, OUTER_MAIN = 4, OUTER_THREAD = 3 };

static long pairs_count;
static int pairs_deeper;
static void (*pairs_run)(long count);

static uint64_t clock_thread_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

__attribute__((noinline)) static void run_plain(long count)
{
    for (long i = 0; i < count; i++) {
        void *block = malloc(48);
        __asm__ volatile("" ::"r"(block) : "memory");
        free(block);
    }
}

__attribute__((noinline)) static void *wrapper(size_t bytes)
{
    void *block = malloc(bytes);
    if (block == NULL)
        abort();
    return block;
}

__attribute__((noinline)) static void run_wrapped(long count)
{
#define WRAPPED_PAIR()                                                                             \
    do {                                                                                           \
        void *block = wrapper(48);                                                                 \
        __asm__ volatile("" ::"r"(block) : "memory");                                              \
        free(block);                                                                               \
    } while (0)
    for (long i = 0; i < count; i += 8) {
        WRAPPED_PAIR();
        WRAPPED_PAIR();
        WRAPPED_PAIR();
        WRAPPED_PAIR();
        WRAPPED_PAIR();
        WRAPPED_PAIR();
        WRAPPED_PAIR();
        WRAPPED_PAIR();
    }
}

static int compare(const void *left, const void *right)
{
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

/* Nanoseconds a pair. */
__attribute__((noinline)) static double rounds(void)
{
    double taken[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t begun = clock_thread_ns();
        pairs_run(pairs_count);
        taken[i] = (double)(clock_thread_ns() - begun) / (double)pairs_count;
    }
    qsort(taken, ROUNDS, sizeof taken[0], compare);
    return taken[ROUNDS / 2];
}

__attribute__((noinline)) static double deeper(int more)
{
    double taken = more > 0 ? deeper(more - 1) : rounds();
    __asm__ volatile("");
    return taken;
}

static void *thread_main(void *result)
{
    *(double *)result = deeper(pairs_deeper);
    return NULL;
}

/* Frames of the path: run, rounds, deeper (once more than it is told), the outer ones. */
static int deeper_for(int depth, int outer, int inner)
{
    int more = depth - outer - inner - 1;
    return more < 0 ? 0 : more;
}

int main(int count, char **arguments)
{
    int depth = count > 1 ? atoi(arguments[1]) : 14;
    int threads = count > 2 ? atoi(arguments[2]) : 1;
    int inner = count > 4 ? 3 : 2;
    static double taken[THREADS_MAX];
    static pthread_t ids[THREADS_MAX];
    pairs_count = count > 3 ? atol(arguments[3]) : 200000;
    pairs_run = count > 4 ? run_wrapped : run_plain;
    if (threads < 1 || threads > THREADS_MAX)
        return EXIT_FAILURE;
    if (threads == 1) {
        taken[0] = deeper(deeper_for(depth, OUTER_MAIN, inner));
    } else {
        pairs_deeper = deeper_for(depth, OUTER_THREAD, inner);
        for (int i = 0; i < threads; i++)
            if (pthread_create(&ids[i], NULL, thread_main, &taken[i]) != 0)
                return EXIT_FAILURE;
        for (int i = 0; i < threads; i++)
            pthread_join(ids[i], NULL);
    }
    double sum = 0;
    for (int i = 0; i < threads; i++)
        sum += taken[i];
    printf("%.2f\n", sum / threads);
    return EXIT_SUCCESS;
}
