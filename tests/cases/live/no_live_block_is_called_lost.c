// Threads allocate, grow, hand on and free blocks of all sizes, as fast as they can, and keep each
// block's address in one place that is known to be a root or reached from one. Nothing is ever
// lost.
//
// option: interval=10ms
// run: tables
// expect: 20 collections
// expect: nobody missed
// expect: nothing lost
// run: lists
// expect: 20 collections
// expect: nobody missed
// expect: nothing lost
// run: hands
// expect: 20 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

enum { THREADS = 4, SLOTS = 512 };

static atomic_int is_over;
static void *_Atomic hands[64]; /* blocks on their way from thread to thread */

struct node {
    struct node *next;
    void *body;
};

static unsigned random_next(unsigned *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static size_t random_size(unsigned *seed)
{
    unsigned kind = random_next(seed) % 100;
    if (kind == 0)
        return random_next(seed) % 300000;
    return kind < 20 ? random_next(seed) % 5000 : random_next(seed) % 200;
}

/* A block is in the table, or is the argument or the result of the allocator's function. */
static void *use_table(void *seed_address)
{
    unsigned seed = (unsigned)(uintptr_t)seed_address;
    void **table = calloc(SLOTS, sizeof *table);
    while (!is_over) {
        unsigned slot = random_next(&seed) % SLOTS;
        if (table[slot] != NULL && random_next(&seed) % 3 == 0) {
            free(table[slot]);
            table[slot] = NULL;
        } else if (table[slot] != NULL) {
            table[slot] = realloc(table[slot], 1 + random_size(&seed));
        } else {
            table[slot] = malloc(1 + random_size(&seed));
        }
    }
    for (int i = 0; i < SLOTS; i++)
        free(table[i]);
    free(table);
    return NULL;
}

/* Reached by way of other blocks only; made at the end, taken from the front. */
static void *use_list(void *seed_address)
{
    unsigned seed = (unsigned)(uintptr_t)seed_address;
    struct node *first = calloc(1, sizeof *first);
    struct node *last = first;
    for (long length = 1; !is_over || length > 1;) {
        if (!is_over && (length < 50 || (length < 3000 && random_next(&seed) % 2 == 0))) {
            last->next = calloc(1, sizeof *last);
            last = last->next;
            last->body = malloc(1 + random_size(&seed));
            length++;
        } else {
            struct node *gone = first;
            first = first->next;
            free(gone->body);
            free(gone);
            length--;
        }
    }
    free(first->body);
    free(first);
    return NULL;
}

static void *use_hands(void *seed_address)
{
    unsigned seed = (unsigned)(uintptr_t)seed_address;
    while (!is_over) {
        void *mine = malloc(1 + random_size(&seed));
        void *taken = atomic_exchange(&hands[random_next(&seed) % 64], mine);
        if (taken != NULL && random_next(&seed) % 2 == 0)
            taken = atomic_exchange(&hands[random_next(&seed) % 64], realloc(taken, 40));
        free(taken);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    must(argc == 2);
    void *(*function)(void *) = is_run(argc, argv, "tables")  ? use_table
                                : is_run(argc, argv, "lists") ? use_list
                                                              : use_hands;
    for (long i = 0; i < THREADS; i++)
        must(pthread_create(&threads[i], NULL, function, (void *)((i + 1) * 7919)) == 0);
    struct timespec time = {live_count(2, 20), 0};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &time) != 0)
        continue;
    is_over = 1;
    for (int i = 0; i < THREADS; i++)
        must(pthread_join(threads[i], NULL) == 0);
    for (int i = 0; i < 64; i++)
        free(hands[i]);
    return 0;
}
