/*
 * The options of the gate; see gate_options.h.
 */
#include "gate_options.h"

#include "command.h"

#include <errno.h>
#include <stdlib.h>

enum {
    KEY_FAIL_ON = 0x100,
    KEY_BASELINE,
    KEY_SAVE_BASELINE,
    KEY_SUPPRESSIONS,
    KEY_NO_KNOWN,
    KEY_STRICT,
    KEY_EXITCODE,
    KEY_INCONCLUSIVE
};

static const struct argp_option options[] = {
    {"fail-on", KEY_FAIL_ON, "KINDS", 0,
     "what fails: lost, possible, growing (with commas), or none [lost]", 10},
    {"baseline", KEY_BASELINE, "FILE", 0, "fail only on what is not in FILE or has grown", 10},
    {"save-baseline", KEY_SAVE_BASELINE, "FILE", 0, "write what is found to FILE", 10},
    {"suppressions", KEY_SUPPRESSIONS, "FILE", 0,
     "leave out what `leak:` lines match, as LeakSanitizer does", 10},
    {"no-known", KEY_NO_KNOWN, NULL, 0, "without the rules for known noise", 10},
    {"strict", KEY_STRICT, NULL, 0, "what was missed in child processes is inconclusive", 10},
    {"exitcode", KEY_EXITCODE, "N", 0, "status when the gate finds leaks [23]", 10},
    {"inconclusive-code", KEY_INCONCLUSIVE, "N", 0, "status when nothing can be said [24]", 10},
    {0},
};

struct gate gate_defaults(void)
{
    return (struct gate){
        .rules = {.fail_on = FAIL_ON_LOST,
                  .leaks_status = STATUS_LEAKS,
                  .inconclusive_status = STATUS_INCONCLUSIVE},
    };
}

int option_parse_number(struct argp_state *state, const char *text, int highest)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < 0 || value > highest)
        argp_error(state, "%s: a number from 0 to %d is wanted", text, highest);
    return (int)value;
}

static error_t gate_parse(int key, char *argument, struct argp_state *state)
{
    struct gate *gate = state->input;
    int kinds;
    switch (key) {
    case KEY_FAIL_ON:
        kinds = fail_on_parse(argument);
        if (kinds < 0)
            argp_error(state, "%s: lost, possible, growing or none is wanted", argument);
        gate->rules.fail_on = (unsigned)kinds;
        return 0;
    case KEY_BASELINE:
        gate->baseline = argument;
        return 0;
    case KEY_SAVE_BASELINE:
        gate->save_baseline = argument;
        return 0;
    case KEY_SUPPRESSIONS:
        gate->suppressions = argument;
        return 0;
    case KEY_NO_KNOWN:
        gate->no_known = true;
        return 0;
    case KEY_STRICT:
        gate->rules.strict = true;
        return 0;
    case KEY_EXITCODE:
        gate->rules.leaks_status = option_parse_number(state, argument, 255);
        return 0;
    case KEY_INCONCLUSIVE:
        gate->rules.inconclusive_status = option_parse_number(state, argument, 255);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp gate_argp = {.options = options, .parser = gate_parse};
