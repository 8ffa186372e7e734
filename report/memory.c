/*
 * The arena and its growing arrays; see memory.h.
 */
#include "memory.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

struct arena_piece {
    struct arena_piece *next;
    _Alignas(max_align_t) unsigned char bytes[];
};

static void *memory_check(void *memory)
{
    if (memory == NULL) {
        fputs("seep: out of memory\n", stderr);
        _exit(2);
    }
    return memory;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    size_t whole;
    if (__builtin_add_overflow(bytes, sizeof(struct arena_piece), &whole))
        memory_check(NULL);
    struct arena_piece *piece = memory_check(calloc(1, whole));
    piece->next = arena->pieces;
    arena->pieces = piece;
    return piece->bytes;
}

char *arena_copy_text(struct arena *arena, const char *text, size_t bytes)
{
    char *copy = arena_alloc(arena, bytes + 1);
    if (bytes > 0)
        memcpy(copy, text, bytes);
    return copy;
}

/* The text in malloc'ed memory. */
__attribute__((format(printf, 1, 0))) static char *print(const char *format, va_list arguments)
{
    char *text;
    return memory_check(vasprintf(&text, format, arguments) < 0 ? NULL : text);
}

char *arena_print(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    CLEAN_FREE char *text = print(format, arguments);
    va_end(arguments);
    return arena_copy_text(arena, text, strlen(text));
}

void arena_free(struct arena *arena)
{
    struct arena_piece *piece = arena->pieces;
    while (piece != NULL) {
        struct arena_piece *next = piece->next;
        free(piece);
        piece = next;
    }
    arena->pieces = NULL;
}

/* The old array stays in the arena until its end: doubling keeps that below the array's size. */
void *vec_grow(struct arena *arena, void *items, size_t count, size_t *room, size_t item_bytes)
{
    if (count < *room)
        return items;
    size_t more = *room == 0 ? 4 : *room * 2;
    void *grown = arena_alloc(arena, more * item_bytes);
    if (count > 0)
        memcpy(grown, items, count * item_bytes);
    *room = more;
    return grown;
}

void sort_items(void *items, size_t count, size_t item_bytes,
                int (*compare)(const void *, const void *))
{
    if (count > 1)
        qsort(items, count, item_bytes, compare);
}

void text_add(struct text_buffer *buffer, const char *text, size_t bytes)
{
    if (bytes > buffer->room - buffer->length) {
        buffer->room = (buffer->room + bytes) * 2 + 64;
        buffer->bytes = memory_check(realloc(buffer->bytes, buffer->room));
    }
    if (bytes > 0)
        memcpy(buffer->bytes + buffer->length, text, bytes);
    buffer->length += bytes;
}

void text_print(struct text_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    CLEAN_FREE char *text = print(format, arguments);
    va_end(arguments);
    text_add(buffer, text, strlen(text));
}

char *text_done(struct text_buffer *buffer, struct arena *arena)
{
    char *text = arena_copy_text(arena, buffer->bytes, buffer->length);
    free(buffer->bytes);
    *buffer = (struct text_buffer){0};
    return text;
}
