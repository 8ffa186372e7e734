/*
 * What programs do with an allocator beside pairs of malloc and free.
 *
 * Usage: operations WHAT COUNT [THREADS]
 *
 *     grow       one block grows by realloc, 16 bytes at a time, to 64 KiB; again and again
 *     cross      one thread allocates, another frees
 *     large      blocks of 200 KB to 1 MB, which are mappings of their own
 *     mixed      19 of 20 blocks die young, the others live for 50,000 allocations
 *     sites      COUNT different call paths, a live block of each
 *     live       COUNT live blocks of 16 to 271 bytes
 *     huge       COUNT blocks of 64 KiB, every page of them touched
 *     threads    THREADS threads at once, each with COUNT live blocks
 */
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RING = 1024, KEPT = 2500, LONG_LIVED = 20 };

static long count;
static void **kept; /* global: all of it is reachable */

static void *must(void *block)
{
    if (block == NULL)
        abort();
    *(volatile char *)block = 1;
    return block;
}

static void grow(void)
{
    for (long i = 0; i < count / 4096 + 1; i++) {
        char *block = NULL;
        for (size_t bytes = 16; bytes <= 65536; bytes += 16)
            block = must(realloc(block, bytes));
        free(block);
    }
}

/* Hands RING blocks over at once, so that waiting costs little beside allocating. */
static void *ring[RING];
static int ring_is_full; /* protected by ring_lock, as ring is handed over */
static pthread_mutex_t ring_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ring_turned = PTHREAD_COND_INITIALIZER;

static void ring_wait(int is_full)
{
    pthread_mutex_lock(&ring_lock);
    while (ring_is_full != is_full)
        pthread_cond_wait(&ring_turned, &ring_lock);
    pthread_mutex_unlock(&ring_lock);
}

static void ring_turn(int is_full)
{
    pthread_mutex_lock(&ring_lock);
    ring_is_full = is_full;
    pthread_cond_signal(&ring_turned);
    pthread_mutex_unlock(&ring_lock);
}

static void *free_all(void *unused)
{
    for (long done = 0; done < count; done += RING) {
        ring_wait(1);
        for (int i = 0; i < RING; i++)
            free(ring[i]);
        ring_turn(0);
    }
    return unused;
}

static void cross(void)
{
    pthread_t other;
    if (pthread_create(&other, NULL, free_all, NULL) != 0)
        abort();
    for (long done = 0; done < count; done += RING) {
        ring_wait(0);
        for (int i = 0; i < RING; i++)
            ring[i] = must(malloc(48));
        ring_turn(1);
    }
    pthread_join(other, NULL);
}

static void large(void)
{
    mallopt(M_MMAP_THRESHOLD, 128 << 10); /* glibc's: else it rises with the first free */
    for (long i = 0; i < count; i++)
        free(must(malloc(200000 + (size_t)(i % 9) * 100000)));
}

static void mixed(void)
{
    kept = calloc(KEPT, sizeof *kept);
    for (long i = 0; i < count; i++) {
        void *block = must(malloc(16 + (size_t)(i * 7 % 240)));
        if (i % LONG_LIVED == 0) {
            void **place = &kept[i / LONG_LIVED % KEPT];
            free(*place);
            *place = block;
        } else {
            free(block);
        }
    }
}

/* The bits of `path` say which function each frame is of. */
__attribute__((noinline)) static void *site_other(unsigned path, int left);

__attribute__((noinline)) static void *site_one(unsigned path, int left)
{
    void *block = left == 0         ? must(malloc(32))
                  : (path & 1) != 0 ? site_one(path >> 1, left - 1)
                                    : site_other(path >> 1, left - 1);
    __asm__ volatile("");
    return block;
}

__attribute__((noinline)) static void *site_other(unsigned path, int left)
{
    void *block = left == 0         ? must(malloc(32))
                  : (path & 1) != 0 ? site_one(path >> 1, left - 1)
                                    : site_other(path >> 1, left - 1);
    __asm__ volatile("");
    return block;
}

static void sites(void)
{
    kept = calloc((size_t)count, sizeof *kept);
    for (long i = 0; i < count; i++)
        kept[i] = site_one((unsigned)i, 17);
}

static void live(size_t bytes, size_t spread)
{
    kept = calloc((size_t)count, sizeof *kept);
    for (long i = 0; i < count; i++) {
        size_t size = bytes + (spread != 0 ? (size_t)i * 7919 % spread : 0);
        kept[i] = must(malloc(size));
        memset(kept[i], 1, size);
    }
}

static void *live_thread(void *unused)
{
    void **mine = calloc((size_t)count, sizeof *mine);
    for (long i = 0; i < count; i++)
        mine[i] = must(malloc(48));
    for (long round = 0; round < 20; round++)
        for (long i = 0; i < count; i++) {
            free(mine[i]);
            mine[i] = must(malloc(48));
        }
    for (long i = 0; i < count; i++)
        free(mine[i]);
    free(mine);
    return unused;
}

static void threads(int many)
{
    pthread_t *ids = calloc((size_t)many, sizeof *ids);
    for (int i = 0; i < many; i++)
        if (pthread_create(&ids[i], NULL, live_thread, NULL) != 0)
            abort();
    for (int i = 0; i < many; i++)
        pthread_join(ids[i], NULL);
    free(ids);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    count = atol(argv[2]);
    switch (argv[1][0] << 8 | argv[1][1]) {
    case 'g' << 8 | 'r':
        grow();
        break;
    case 'c' << 8 | 'r':
        cross();
        break;
    case 'l' << 8 | 'a':
        large();
        break;
    case 'm' << 8 | 'i':
        mixed();
        break;
    case 's' << 8 | 'i':
        sites();
        break;
    case 'l' << 8 | 'i':
        live(16, 256);
        break;
    case 'h' << 8 | 'u':
        live(65536, 0);
        break;
    case 't' << 8 | 'h':
        threads(argc > 3 ? atoi(argv[3]) : 8);
        break;
    default:
        return 2;
    }
    return 0;
}
