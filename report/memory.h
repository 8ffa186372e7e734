/*
 * Memory of the command `seep`: everything that a report is made of lives in one arena and goes
 * with it. Each piece is a malloc of its own, so that AddressSanitizer sees every overrun.
 *
 * Running out of memory ends the command with one line and status 2: nothing that it could still
 * do would help. This is the one place outside main.c that prints.
 */
#ifndef SEEP_REPORT_MEMORY_H
#define SEEP_REPORT_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct arena_piece;

struct arena {
    struct arena_piece *pieces;
};

/* Zeroed memory that lives as long as the arena. Never NULL. */
void *arena_alloc(struct arena *arena, size_t bytes);

/* A copy of `bytes` bytes of text with a terminating zero behind them. */
char *arena_copy_text(struct arena *arena, const char *text, size_t bytes);

__attribute__((format(printf, 2, 3))) char *arena_print(struct arena *arena, const char *format,
                                                        ...);

void arena_free(struct arena *arena);

/* A growing array in an arena. `VEC_ADD(arena, &vec)` yields a pointer to a new zeroed item. */
#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *items;                                                                                  \
        size_t count;                                                                              \
        size_t room;                                                                               \
    }

#define VEC_ADD(arena, vec)                                                                        \
    ((vec)->items =                                                                                \
         vec_grow((arena), (vec)->items, (vec)->count, &(vec)->room, sizeof(*(vec)->items)),       \
     &(vec)->items[(vec)->count++])

void *vec_grow(struct arena *arena, void *items, size_t count, size_t *room, size_t item_bytes);

/* qsort that takes an array that is not there. */
void sort_items(void *items, size_t count, size_t item_bytes,
                int (*compare)(const void *, const void *));

/* Text that grows; `text_done` hands it to an arena and empties it. */
struct text_buffer {
    char *bytes;
    size_t length;
    size_t room;
};
void text_add(struct text_buffer *buffer, const char *text, size_t bytes);
__attribute__((format(printf, 2, 3))) void text_print(struct text_buffer *buffer,
                                                      const char *format, ...);
char *text_done(struct text_buffer *buffer, struct arena *arena);

/* Sums of numbers from a file stay at the highest value instead of wrapping. */
static inline uint64_t add_saturated(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static inline int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* Cleanup by attribute. */
static inline void close_stream(FILE **stream)
{
    if (*stream != NULL)
        fclose(*stream);
}
static inline void free_pointer(void *pointer)
{
    free(*(void **)pointer);
}
#define CLEAN_STREAM __attribute__((cleanup(close_stream)))
#define CLEAN_FREE   __attribute__((cleanup(free_pointer)))

#endif
