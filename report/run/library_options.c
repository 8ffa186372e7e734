/*
 * The options of the library as `seep run` knows them: their table is preload/options.def. A wrong
 * value is told before the program starts; the grammar is the library's (preload/base/options.c).
 */
#include "run.h"

#include <signal.h>
#include <string.h>

#define TEXT_MAX 1000 /* the library keeps less than 1,024 bytes of a value */

/* A number with at most two decimals and one of the units, which are parted by spaces; a unit that
 * is "-" is none at all. */
static bool number_is_right(const char *text, const char *units)
{
    size_t digits = strspn(text, "0123456789");
    const char *unit = text + digits;
    if (digits == 0 || digits > 15)
        return false;
    if (*unit == '.') {
        size_t decimals = strspn(unit + 1, "0123456789");
        if (decimals == 0 || decimals > 2)
            return false;
        unit += 1 + decimals;
    }
    if (*unit == '\0')
        unit = "-";
    size_t length = strlen(unit);
    for (const char *at = units; *at != '\0'; at += strspn(at, " ")) {
        size_t one = strcspn(at, " ");
        if (one == length && memcmp(at, unit, length) == 0)
            return true;
        at += one;
    }
    return false;
}

static bool right_DURATION(const char *value)
{
    return number_is_right(value, "- ms s m min h");
}

static bool right_BYTES(const char *value)
{
    return number_is_right(value, "- B K KB KiB M MB MiB G GB GiB");
}

static bool right_PERCENT(const char *value)
{
    return number_is_right(value, "- %");
}

static bool right_COUNT(const char *value)
{
    return number_is_right(value, "-") && strchr(value, '.') == NULL;
}

static bool right_BITS(const char *value)
{
    long bits = right_COUNT(value) && strlen(value) <= 3 ? strtol(value, NULL, 10) : 0;
    return bits >= 32 && bits <= 64;
}

static bool right_TEXT(const char *value)
{
    return strlen(value) <= TEXT_MAX && strchr(value, '"') == NULL;
}

static bool right_FLAG(const char *value)
{
    static const char *const words[] = {"yes", "no", "1", "0", "true", "false"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(value, words[i]) == 0)
            return true;
    return false;
}

/* "SIGRTMAX-3", "SIGRTMIN+4" or a number; real-time signals only. */
static bool right_SIGNAL(const char *value)
{
    long base = 0;
    const char *number = value;
    if (strncmp(value, "SIGRTMAX", 8) == 0 || strncmp(value, "SIGRTMIN", 8) == 0) {
        base = value[6] == 'A' ? SIGRTMAX : SIGRTMIN;
        number = value + 8;
        if (*number == '\0')
            return true;
        if (*number != (value[6] == 'A' ? '-' : '+'))
            return false;
        number++;
    }
    if (!right_COUNT(number) || strlen(number) > 3)
        return false;
    long offset = strtol(number, NULL, 10);
    long chosen = base == SIGRTMAX ? base - offset : base + offset;
    return chosen >= SIGRTMIN && chosen <= SIGRTMAX;
}

static bool right_CHOICE_PRINT(const char *value)
{
    return strcmp(value, "none") == 0 || strcmp(value, "summary") == 0 ||
           strcmp(value, "full") == 0;
}

const struct library_option *library_option_at(size_t n)
{
    static const struct library_option options[] = {
#define OPTION(name, type, initial, argument, help) {#name, initial, argument, help, right_##type},
#include "../../preload/options.def"
#undef OPTION
    };
    return n < sizeof options / sizeof options[0] ? &options[n] : NULL;
}

const char *library_options_for(struct arena *arena, const char *others, const char *folder)
{
    struct text_buffer settings = {0};
    if (others != NULL && others[0] != '\0')
        text_print(&settings, "%s:", others);
    text_print(&settings, "keep=yes:print=none:exitcode=0:output=\"%s/seep.%%e.%%p.leak\"", folder);
    return text_done(&settings, arena);
}

bool library_options_add(struct text_buffer *options, const char *name, const char *value)
{
    if (!right_TEXT(value))
        return false;
    bool quote = strchr(value, ':') != NULL;
    text_print(options, "%s%s=%s%s%s", options->length == 0 ? "" : ":", name, quote ? "\"" : "",
               value, quote ? "\"" : "");
    return true;
}

bool duration_parse(const char *text, uint64_t *ms)
{
    if (!right_DURATION(text))
        return false;
    char *unit;
    double value = strtod(text, &unit);
    double factor = strcmp(unit, "ms") == 0  ? 1
                    : strcmp(unit, "h") == 0 ? 3600000
                    : unit[0] == 'm'         ? 60000
                                             : 1000;
    *ms = (uint64_t)(value * factor);
    return true;
}
