/*
 * Any text is read as SEEP_OPTIONS: what is wrong gets a line and leaves the default, what is right
 * means what it says. A time is compared with the C library's idea of the number.
 */
#include "../../preload/base/options.h"
#include "../../report/run/run.h"

#include <assert.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static size_t complaints; /* the fuzzer has one thread */

static void complain(const char *line)
{
    assert(line[0] != '\0' && strlen(line) < 256);
    complaints++;
}

static void count_given(void *argument, const char *name, const char *value)
{
    size_t *given = argument;
    assert(strchr(name, '=') == NULL && strlen(value) < OPTIONS_TEXT_BYTES + 64);
    (*given)++;
}

static void check_ranges(void)
{
    assert(options.signal >= SIGRTMIN && options.signal <= SIGRTMAX);
    assert(options.print >= OPTIONS_PRINT_NONE && options.print <= OPTIONS_PRINT_FULL);
    assert(memchr(options.output, '\0', sizeof options.output) != NULL);
    assert(memchr(options.holders, '\0', sizeof options.holders) != NULL);
    assert(memchr(options.only, '\0', sizeof options.only) != NULL);
    assert(memchr(options.skip, '\0', sizeof options.skip) != NULL);
}

/* A time that is taken is the number that stands there, in its unit; one that is not leaves 10 s.
 */
static void check_interval(const char *value)
{
    static const struct {
        const char *name;
        double ms;
    } units[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"min", 60000}, {"h", 3600000}};
    char text[64];
    if (strpbrk(value, ":\"") != NULL || strlen(value) > 40)
        return;
    snprintf(text, sizeof text, "interval=%s", value);
    complaints = 0;
    options_read(text, complain);
    if (complaints != 0) {
        assert(options.interval == 10000);
        return;
    }
    char *unit;
    double number = strtod(value, &unit);
    size_t i = 0;
    while (i < sizeof units / sizeof units[0] && strcmp(units[i].name, unit) != 0)
        i++;
    assert(unit != value && i < sizeof units / sizeof units[0]);
    double wanted = number * units[i].ms;
    assert(fabs((double)options.interval - wanted) <= 1 + wanted * 1e-9);
}

/* `seep run` takes the values that the library takes, for each option. */
static void check_same_grammar(const char *value)
{
    if (strpbrk(value, ":\"") != NULL || strlen(value) > 100)
        return;
    for (size_t i = 0; library_option_at(i) != NULL; i++) {
        char text[256];
        const struct library_option *option = library_option_at(i);
        snprintf(text, sizeof text, "%s=%s", option->name, value);
        complaints = 0;
        options_read(text, complain);
        assert(option->is_right(value) == (complaints == 0));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char *text = malloc(length + 1); /* of just that size, so that the sanitizer sees its end */
    assert(text != NULL);
    memcpy(text, bytes, length);
    text[length] = '\0';
    complaints = 0;
    options_read(text, complain);
    check_ranges();
    size_t given = 0;
    options_each_given(text, count_given, &given);
    assert(given + complaints <= length + 1);
    check_interval(text);
    check_same_grammar(text);
    free(text);
    return 0;
}
