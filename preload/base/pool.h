/*
 * Small pieces of the library's own memory, from pages: what malloc would be for us.
 *
 * Runs in program threads (cold paths) and in the snapshot. Pieces are zeroed, aligned to 16 and
 * come from classes of powers of two; a freed piece is kept for its class.
 */
#ifndef SEEP_BASE_POOL_H
#define SEEP_BASE_POOL_H

#include <stddef.h>

/* Returns NULL when there is no memory. The caller owns the piece. */
void *pool_take(size_t bytes);
/* `bytes` is what was asked for; NULL is ignored. */
void pool_give(void *piece, size_t bytes);

/* Around fork, so that the child's pool is whole: all signals are blocked in between. */
void pool_fork_prepare(void);
void pool_fork_done(void);
/* In a child of a fork without handlers. */
void pool_fork_unprepared(void);

#endif
