/* Text in a buffer of fixed size; see text.h. */
#include "text.h"

#include <string.h>

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
    if (text->room == 0)
        return;
    size_t room = text->room - 1 - text->length;
    if (length > room)
        length = room;
    memcpy(text->start + text->length, bytes, length);
    text->length += length;
    text->start[text->length] = '\0';
}

void text_add(struct text *text, const char *string)
{
    text_add_bytes(text, string, strlen(string));
}

void text_add_char(struct text *text, char c)
{
    text_add_bytes(text, &c, 1);
}

static void text_add_base(struct text *text, uint64_t number, unsigned base)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    text_add_bytes(text, digits + at, sizeof digits - at);
}

void text_add_number(struct text *text, uint64_t number)
{
    text_add_base(text, number, 10);
}

void text_add_signed(struct text *text, int64_t number)
{
    if (number < 0)
        text_add_char(text, '-');
    text_add_base(text, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, 10);
}

void text_add_hex(struct text *text, uint64_t number)
{
    text_add_base(text, number, 16);
}

static unsigned text_digit(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a' + 10);
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A' + 10);
    return 99;
}

uint64_t text_number(const char **at, unsigned base)
{
    uint64_t number = 0;
    for (unsigned digit; (digit = text_digit(**at)) < base; (*at)++)
        number = number * base + digit;
    return number;
}

bool text_matches(const char *pattern, size_t pattern_length, const char *string)
{
    const char *end = pattern + pattern_length;
    const char *star = NULL;
    const char *retry = NULL;
    while (*string != '\0') {
        if (pattern < end && *pattern == '*') {
            star = ++pattern;
            retry = string;
        } else if (pattern < end && (*pattern == '?' || *pattern == *string)) {
            pattern++;
            string++;
        } else if (star != NULL) {
            pattern = star;
            string = ++retry;
        } else {
            return false;
        }
    }
    while (pattern < end && *pattern == '*')
        pattern++;
    return pattern == end;
}
