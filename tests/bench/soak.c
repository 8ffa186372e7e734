/*
 * An allocator under stress for as long as is asked, at a size that stays the same: soak.py runs it
 * under Seep and watches Seep's own memory.
 *
 *     soak SECONDS [BUSY_THREADS]     prints how many operations it did
 *
 * Busy threads take, resize, hand over and give back blocks of all sizes, through call paths that
 * differ (few enough that each is known after a minute); beside them threads come and go. Each
 * block holds a pattern that is checked when it goes: a block that was given twice, or moved badly,
 * ends the program with abort.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SLOTS = 4096, SHARED = 512, MOST_THREADS = 64, LARGE_BYTES = 300 << 10, PATHS = 64 };

struct block {
    uint64_t stamp; /* made of the address and the size */
    size_t bytes;
    unsigned char rest[];
};

static _Atomic(struct block *) handed_over[SHARED];
static atomic_bool is_over;
static atomic_ullong operations;

static uint64_t stamp_of(const struct block *block)
{
    return ((uintptr_t)block * 0x9E3779B97F4A7C15u) ^ block->bytes;
}

static void seal(struct block *block, size_t bytes)
{
    block->bytes = bytes;
    block->stamp = stamp_of(block);
    block->rest[0] = (unsigned char)bytes;
    block->rest[bytes - sizeof *block] = (unsigned char)(bytes >> 8);
}

static void check(const struct block *block)
{
    if (block->stamp != stamp_of(block) ||
        block->rest[block->bytes - sizeof *block] != (unsigned char)(block->bytes >> 8))
        abort();
}

static uint32_t draw(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)(*state >> 32);
}

static size_t draw_bytes(uint64_t *state)
{
    uint32_t kind = draw(state) % 1000;
    size_t most = kind < 900 ? 256 : kind < 995 ? 8192 : LARGE_BYTES;
    return sizeof(struct block) + 1 + draw(state) % most;
}

/* One of many call paths: `path` decides, bit by bit, who calls whom. */
__attribute__((noinline)) static struct block *take_left(size_t bytes, unsigned path);
__attribute__((noinline)) static struct block *take_right(size_t bytes, unsigned path);

static struct block *take(size_t bytes, unsigned path)
{
    struct block *block;
    if (path > 1)
        block = (path & 1) != 0 ? take_left(bytes, path >> 1) : take_right(bytes, path >> 1);
    else if (bytes % 7 == 0)
        block = calloc(1, bytes + 1);
    else if (bytes % 11 == 0)
        block = aligned_alloc(64, (bytes + 64) & ~(size_t)63);
    else
        block = malloc(bytes + 1);
    if (block == NULL)
        abort();
    return block;
}

static struct block *take_left(size_t bytes, unsigned path)
{
    struct block *block = take(bytes, path);
    __asm__ volatile("" : "+r"(block));
    return block;
}

static struct block *take_right(size_t bytes, unsigned path)
{
    struct block *block = take(bytes, path);
    __asm__ volatile("" : "+r"(block));
    return block;
}

static void give(struct block *block)
{
    if (block == NULL)
        return;
    check(block);
    free(block);
}

static struct block *resize(struct block *block, size_t bytes)
{
    if (block == NULL)
        return NULL;
    check(block);
    block = realloc(block, bytes + 1);
    if (block == NULL)
        abort();
    seal(block, bytes);
    return block;
}

static void step(struct block **slots, uint64_t *state)
{
    struct block **slot = &slots[draw(state) % SLOTS];
    uint32_t what = draw(state) % 100;
    if (what < 10) {
        *slot = resize(*slot, draw_bytes(state));
    } else if (what < 20) {
        *slot = atomic_exchange(&handed_over[draw(state) % SHARED], *slot);
    } else if (what < 50) {
        give(*slot);
        *slot = NULL;
    } else {
        size_t bytes = draw_bytes(state);
        give(*slot);
        *slot = take(bytes, 1u + draw(state) % (PATHS - 1));
        seal(*slot, bytes);
    }
}

static void run(uint64_t seed, bool until_over, unsigned steps)
{
    static _Thread_local struct block *slots[SLOTS];
    uint64_t state = seed * 0x9E3779B97F4A7C15u + 1;
    unsigned done = 0;
    while (until_over ? !atomic_load_explicit(&is_over, memory_order_relaxed) : done < steps) {
        step(slots, &state);
        done++;
    }
    for (size_t i = 0; i < SLOTS; i++)
        give(slots[i]);
    atomic_fetch_add(&operations, done);
}

static void *busy(void *seed)
{
    run((uintptr_t)seed, true, 0);
    return NULL;
}

static void *passing(void *seed)
{
    run((uintptr_t)seed, false, 2000);
    return NULL;
}

static time_t now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

int main(int count, char **arguments)
{
    time_t end = now_s() + (count > 1 ? atol(arguments[1]) : 60);
    size_t busy_threads = count > 2 ? (size_t)atol(arguments[2]) : 4;
    pthread_t threads[MOST_THREADS];
    uintptr_t seed = 1;
    if (busy_threads > MOST_THREADS)
        return 2;
    for (size_t i = 0; i < busy_threads; i++)
        if (pthread_create(&threads[i], NULL, busy, (void *)seed++) != 0)
            return 1;
    while (now_s() < end) {
        pthread_t one;
        if (pthread_create(&one, NULL, passing, (void *)seed++) != 0)
            return 1;
        pthread_join(one, NULL);
        nanosleep(&(struct timespec){0, 5000000}, NULL);
    }
    atomic_store(&is_over, true);
    for (size_t i = 0; i < busy_threads; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < SHARED; i++)
        give(atomic_exchange(&handed_over[i], NULL));
    printf("%llu operations\n", atomic_load(&operations));
    return 0;
}
