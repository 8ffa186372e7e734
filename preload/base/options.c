/* Reads the settings; see options.h. No malloc, no stdio, no locale. */
#include "options.h"

#include <limits.h>
#include <signal.h>
#include <string.h>

#include "text.h"

struct options options; /* see options.h */

struct options_unit {
    const char *name;
    uint64_t factor;
};

static const struct options_unit duration_units[] = {
    {"ms", 1}, {"s", 1000}, {"m", 60000}, {"min", 60000}, {"h", 3600000}, {"", 1000}, {0}};
static const struct options_unit bytes_units[] = {{"", 1},         {"B", 1},         {"K", 1 << 10},
                                                  {"KB", 1 << 10}, {"KiB", 1 << 10}, {"M", 1 << 20},
                                                  {"MB", 1 << 20}, {"MiB", 1 << 20}, {"G", 1 << 30},
                                                  {"GB", 1 << 30}, {"GiB", 1 << 30}, {0}};
static const struct options_unit percent_units[] = {{"%", 100}, {"", 100}, {0}};
static const struct options_unit count_units[] = {{"", 1}, {0}};

/* A number with an optional fraction of two digits and a unit; false when it is none. */
static bool options_number(const char *text, const struct options_unit *units, uint64_t *value)
{
    const char *at = text;
    uint64_t whole = text_number(&at, 10);
    uint64_t hundredths = 0;
    if (at == text || at - text > 15)
        return false;
    if (*at == '.') {
        const char *digits = ++at;
        hundredths = text_number(&at, 10);
        if (at - digits == 1)
            hundredths *= 10;
        else if (at - digits != 2)
            return false;
    }
    for (; units->name != NULL; units++) {
        if (strcmp(units->name, at) == 0) {
            *value = hundredths * units->factor / 100;
            return !__builtin_mul_overflow(whole, units->factor, &whole) &&
                   !__builtin_add_overflow(*value, whole, value);
        }
    }
    return false;
}

static bool options_parse_DURATION(const char *text, uint64_t *value)
{
    return options_number(text, duration_units, value) && *value <= OPTIONS_DURATION_MAX_MS;
}

static bool options_parse_BYTES(const char *text, uint64_t *value)
{
    return options_number(text, bytes_units, value);
}

static bool options_parse_PERCENT(const char *text, uint64_t *value)
{
    return options_number(text, percent_units, value);
}

static bool options_parse_COUNT(const char *text, uint64_t *value)
{
    return options_number(text, count_units, value) && strchr(text, '.') == NULL;
}

static bool options_parse_BITS(const char *text, uint64_t *value)
{
    return options_parse_COUNT(text, value) && *value >= 32 && *value <= 64;
}

static bool options_parse_FLAG(const char *text, bool *value)
{
    bool yes = strcmp(text, "yes") == 0 || strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
    bool no = strcmp(text, "no") == 0 || strcmp(text, "0") == 0 || strcmp(text, "false") == 0;
    *value = yes;
    return yes || no;
}

/* "SIGRTMAX-3", "SIGRTMIN+4" or a number; real-time signals only. */
static bool options_parse_SIGNAL(const char *text, int *value)
{
    bool from_last = strncmp(text, "SIGRTMAX", 8) == 0;
    bool from_first = strncmp(text, "SIGRTMIN", 8) == 0;
    const char *at = from_last || from_first ? text + 8 : text;
    uint64_t number = 0;
    if (*at != '\0' && (from_last || from_first) && *at++ != (from_last ? '-' : '+'))
        return false;
    if (at != text + 8) {
        const char *digits = at;
        number = text_number(&at, 10);
        if (at == digits || at - digits > 3)
            return false;
    }
    int chosen = from_last    ? SIGRTMAX - (int)number
                 : from_first ? SIGRTMIN + (int)number
                              : (int)number;
    *value = chosen;
    return *at == '\0' && chosen >= SIGRTMIN && chosen <= SIGRTMAX;
}

static bool options_parse_CHOICE_PRINT(const char *text, enum options_print *value)
{
    static const char *const names[] = {"none", "summary", "full"};
    for (unsigned i = 0; i < 3; i++) {
        if (strcmp(text, names[i]) == 0) {
            *value = (enum options_print)i;
            return true;
        }
    }
    return false;
}

static bool options_parse_TEXT(const char *text, options_text *value)
{
    if (strlen(text) >= sizeof *value)
        return false;
    memcpy(*value, text, strlen(text) + 1);
    return true;
}

/* Returns 1: set; 0: no such name; -1: a wrong value. */
static int options_set(const char *name, const char *value)
{
#define OPTION(option, type, initial, argument, help)                                              \
    if (strcmp(name, #option) == 0) {                                                              \
        OPTIONS_##type parsed;                                                                     \
        if (!options_parse_##type(value, &parsed))                                                 \
            return -1;                                                                             \
        memcpy(&options.option, &parsed, sizeof parsed);                                           \
        return 1;                                                                                  \
    }
#include "../options.def"
#undef OPTION
    return 0;
}

/* Copies the next "name=value" from `*at` into `pair`; false at the end. */
static bool options_next(const char **at, struct text *pair)
{
    pair->length = 0;
    pair->start[0] = '\0';
    while (**at == ':')
        (*at)++;
    if (**at == '\0')
        return false;
    bool quoted = false;
    for (; **at != '\0' && (quoted || **at != ':'); (*at)++) {
        if (**at == '"')
            quoted = !quoted;
        else
            text_add_char(pair, **at);
    }
    return true;
}

static void options_complain(options_complaint *complain, const char *pair, int result)
{
    char buffer[256];
    struct text line = TEXT_OF(buffer);
    text_add(&line, result == 0 ? "unknown option in SEEP_OPTIONS: "
                                : "wrong value in SEEP_OPTIONS, the default is used: ");
    text_add(&line, pair);
    complain(line.start);
}

void options_read(const char *text, options_complaint *complain)
{
#define OPTION(option, type, initial, argument, help) options_set(#option, initial);
#include "../options.def"
#undef OPTION
    char buffer[OPTIONS_TEXT_BYTES + 64];
    struct text pair = TEXT_OF(buffer);
    for (const char *at = text != NULL ? text : ""; options_next(&at, &pair);) {
        char *equals = strchr(pair.start, '=');
        if (equals != NULL)
            *equals = '\0';
        int result = equals != NULL ? options_set(pair.start, equals + 1) : 0;
        if (equals != NULL)
            *equals = '=';
        if (result != 1)
            options_complain(complain, pair.start, result);
    }
}

void options_each_given(const char *text,
                        void (*each)(void *argument, const char *name, const char *value),
                        void *argument)
{
    char buffer[OPTIONS_TEXT_BYTES + 64];
    struct text pair = TEXT_OF(buffer);
    for (const char *at = text != NULL ? text : ""; options_next(&at, &pair);) {
        char *equals = strchr(pair.start, '=');
        if (equals == NULL)
            continue;
        *equals = '\0';
        each(argument, pair.start, equals + 1);
    }
}
