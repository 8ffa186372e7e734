/*
 * Text in a buffer of fixed size, without stdio. What does not fit is cut; the text always ends
 * with a zero byte.
 *
 * Runs anywhere: program threads, signal handlers, the snapshot.
 */
#ifndef SEEP_BASE_TEXT_H
#define SEEP_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *start;
    size_t length; /* without the zero byte */
    size_t room;   /* with it */
};

#define TEXT_OF(array)                                                                             \
    {                                                                                              \
        (array), 0, sizeof(array)                                                                  \
    }

void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_add_char(struct text *text, char c);
void text_add_number(struct text *text, uint64_t number);
void text_add_signed(struct text *text, int64_t number);
void text_add_hex(struct text *text, uint64_t number);

/* Reads a number of base 10 or 16 from `*at`, moving it behind the last digit. */
uint64_t text_number(const char **at, unsigned base);

/* A glob with `*` and `?` only. */
bool text_matches(const char *pattern, size_t pattern_length, const char *string);

#endif
