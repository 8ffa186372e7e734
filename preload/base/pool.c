/* Small pieces of own memory; see pool.h. */
#include "pool.h"

#include <string.h>

#include "lock.h"
#include "pages.h"

enum {
    POOL_SMALLEST = 16,
    POOL_CLASSES = 16, /* 16 bytes … 512 KiB; larger pieces are pages of their own */
    POOL_CHUNK_FIRST = 64 << 10,
    POOL_CHUNK_LARGEST = 4 << 20
};

struct pool_piece {
    struct pool_piece *next;
};

/* All protected by pool_lock. */
static struct pool_piece *pool_free[POOL_CLASSES];
static char *pool_at;
static char *pool_end;
static size_t pool_chunk = POOL_CHUNK_FIRST;
static struct lock pool_lock;
static struct lock_hold pool_fork_hold;

static unsigned pool_class(size_t bytes)
{
    unsigned class = 0;
    for (size_t size = POOL_SMALLEST; size < bytes; size *= 2)
        class ++;
    return class;
}

static void *pool_carve_locked(size_t bytes)
{
    if ((size_t)(pool_end - pool_at) < bytes) {
        size_t chunk = bytes > pool_chunk ? bytes : pool_chunk;
        char *fresh = pages_map(chunk);
        if (fresh == NULL)
            return NULL;
        pool_at = fresh;
        pool_end = fresh + chunk;
        if (pool_chunk < POOL_CHUNK_LARGEST)
            pool_chunk *= 2;
    }
    void *piece = pool_at;
    pool_at += bytes;
    return piece;
}

void *pool_take(size_t bytes)
{
    unsigned class = pool_class(bytes);
    if (class >= POOL_CLASSES)
        return pages_map(bytes);
    LOCK_HELD(&pool_lock);
    struct pool_piece *piece = pool_free[class];
    if (piece == NULL)
        return pool_carve_locked((size_t)POOL_SMALLEST << class);
    pool_free[class] = piece->next;
    memset(piece, 0, (size_t)POOL_SMALLEST << class);
    return piece;
}

void pool_give(void *piece, size_t bytes)
{
    if (piece == NULL)
        return;
    unsigned class = pool_class(bytes);
    if (class >= POOL_CLASSES) {
        pages_unmap(piece, bytes);
        return;
    }
    LOCK_HELD(&pool_lock);
    struct pool_piece *freed = piece;
    freed->next = pool_free[class];
    pool_free[class] = freed;
}

void pool_fork_prepare(void)
{
    struct lock_hold hold = lock_hold(&pool_lock);
    pool_fork_hold = hold;
}

void pool_fork_done(void)
{
    struct lock_hold hold = pool_fork_hold;
    lock_release(&hold);
}

void pool_fork_unprepared(void)
{
    pool_lock = (struct lock){0};
}
