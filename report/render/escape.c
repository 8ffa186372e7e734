/*
 * Text from files made harmless; see escape.h.
 */
#include "escape.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

/* Decodes one character. Returns its bytes, 0 when they are no UTF-8 (too long forms, surrogates
 * and what lies above U+10FFFF included). */
static size_t utf8_decode(const unsigned char *text, uint32_t *character)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = text[0] < 0x80             ? 1
                    : (text[0] & 0xe0) == 0xc0 ? 2
                    : (text[0] & 0xf0) == 0xe0 ? 3
                    : (text[0] & 0xf8) == 0xf0 ? 4
                                               : 0;
    if (length <= 1) {
        *character = text[0];
        return length;
    }
    *character = text[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0; /* also at the terminating zero */
        *character = *character << 6 | (text[i] & 0x3fu);
    }
    bool surrogate = *character >= 0xd800 && *character <= 0xdfff;
    return *character < smallest[length] || *character > 0x10ffff || surrogate ? 0 : length;
}

static bool character_is_harmless(uint32_t character)
{
    static const struct {
        uint32_t first, last;
    } harmful[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},     {0x61c, 0x61c},   {0x200b, 0x200f},   {0x2028, 0x202e},
        {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
    };
    if ((character & 0xfffe) == 0xfffe) /* U+FFFE, U+FFFF and their like: XML cannot hold them */
        return false;
    for (size_t i = 0; i < sizeof harmful / sizeof harmful[0]; i++)
        if (character >= harmful[i].first && character <= harmful[i].last)
            return false;
    return true;
}

const char *escape_for_terminal(struct arena *arena, const char *text)
{
    struct text_buffer escaped = {0};
    for (const char *at = text == NULL ? "" : text; *at != '\0';) {
        uint32_t character;
        size_t length = utf8_decode((const unsigned char *)at, &character);
        if (length == 0)
            text_print(&escaped, "\\x%02x", (unsigned char)*at);
        else if (character_is_harmless(character))
            text_add(&escaped, at, length);
        else if (character < 0x80)
            text_print(&escaped, "\\x%02" PRIx32, character);
        else
            text_print(&escaped, "\\u{%" PRIx32 "}", character);
        at += length == 0 ? 1 : length;
    }
    return text_done(&escaped, arena);
}

const char *escape_to_utf8(struct arena *arena, const char *text)
{
    if (text == NULL)
        return NULL;
    struct text_buffer clean = {0};
    for (const char *at = text; *at != '\0';) {
        uint32_t character;
        size_t length = utf8_decode((const unsigned char *)at, &character);
        if (length == 0)
            text_add(&clean, "\xef\xbf\xbd", 3);
        else
            text_add(&clean, at, length);
        at += length == 0 ? 1 : length;
    }
    return text_done(&clean, arena);
}
