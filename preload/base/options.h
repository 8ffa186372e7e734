/*
 * The settings, from SEEP_OPTIONS="name=value:name=value". A value with a colon in double quotes.
 * The table is ../options.def.
 *
 * Read once at start, in the program's first thread; constant from then on.
 */
#ifndef SEEP_BASE_OPTIONS_H
#define SEEP_BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OPTIONS_TEXT_BYTES = 1024 };
/* More than 30 years; a time in nanoseconds then fits 64 bits. */
#define OPTIONS_DURATION_MAX_MS UINT64_C(1000000000000)

enum options_print { OPTIONS_PRINT_NONE, OPTIONS_PRINT_SUMMARY, OPTIONS_PRINT_FULL };

/* How a value of each type is kept: DURATION in ms, PERCENT in 1/100 %. */
#define OPTIONS_DURATION     uint64_t
#define OPTIONS_BYTES        uint64_t
#define OPTIONS_PERCENT      uint64_t
#define OPTIONS_COUNT        uint64_t
#define OPTIONS_BITS         uint64_t
#define OPTIONS_FLAG         bool
#define OPTIONS_SIGNAL       int
#define OPTIONS_CHOICE_PRINT enum options_print
typedef char options_text[OPTIONS_TEXT_BYTES];
#define OPTIONS_TEXT options_text

struct options {
#define OPTION(name, type, initial, argument, help) OPTIONS_##type name;
#include "../options.def"
#undef OPTION
};

extern struct options options __attribute__((visibility("hidden"))); /* set once at start */

/* What options_read has to say about a wrong setting: one line, without a newline. */
typedef void options_complaint(const char *line);

/* Sets the defaults and then what `text` says (NULL: nothing). A wrong value keeps its default. */
void options_read(const char *text, options_complaint *complain);

/* Calls `each` with the name and text of every setting that was given and was right. */
void options_each_given(const char *text,
                        void (*each)(void *argument, const char *name, const char *value),
                        void *argument);

#endif
