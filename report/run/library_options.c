/*
 * The options of the library as `seep run` knows them: their table is preload/options.def. A wrong
 * value is told before the program starts; the grammar is the library's (preload/base/options.c).
 */
#include "run.h"

#include <signal.h>
#include <string.h>

#define TEXT_MAX        1000       /* the library keeps less than 1,024 bytes of a value */
#define DURATION_MAX_MS (1e12 + 1) /* more than 30 years: nanoseconds fit 64 bits */

struct unit {
    const char *name;
    uint64_t factor;
};

static const struct unit duration_units[] = {
    {"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"min", 60000}, {"h", 3600000}, {0}};
static const struct unit bytes_units[] = {{"", 1},         {"B", 1},         {"K", 1 << 10},
                                          {"KB", 1 << 10}, {"KiB", 1 << 10}, {"M", 1 << 20},
                                          {"MB", 1 << 20}, {"MiB", 1 << 20}, {"G", 1 << 30},
                                          {"GB", 1 << 30}, {"GiB", 1 << 30}, {0}};
static const struct unit percent_units[] = {{"", 100}, {"%", 100}, {0}};
static const struct unit count_units[] = {{"", 1}, {0}};

/* A number with at most two decimals, in one of the units and below `limit`. */
static bool number_is_right(const char *text, const struct unit *units, double limit)
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
    while (units->name != NULL && strcmp(units->name, unit) != 0)
        units++;
    return units->name != NULL && strtod(text, NULL) * (double)units->factor < limit;
}

static bool right_DURATION(const char *value)
{
    return number_is_right(value, duration_units, DURATION_MAX_MS);
}

static bool right_BYTES(const char *value)
{
    return number_is_right(value, bytes_units, 0x1p64);
}

static bool right_PERCENT(const char *value)
{
    return number_is_right(value, percent_units, 0x1p64);
}

static bool right_COUNT(const char *value)
{
    return number_is_right(value, count_units, 0x1p64) && strchr(value, '.') == NULL;
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
