/*
 * The options of `seep run`: those of the library (preload/options.def), of the gate, and its own.
 */
#include "run_options.h"

#include "command.h"

#include <string.h>

enum {
    KEY_LIBRARY = 0x400, /* and those behind it, one for each option of the library */
    KEY_WAIT = 0x300,
    KEY_SELFTEST,
    LIBRARY_MAX = 64
};

static bool option_is(const struct library_option *option, const char *name)
{
    return strcmp(option->name, name) == 0;
}

/* Some of the library's options mean something to `seep run` itself and stop here. */
static bool wish_takes(struct run_wishes *wishes, const struct library_option *option, char *value)
{
    if (option_is(option, "output"))
        wishes->output = value;
    else if (option_is(option, "print"))
        wishes->print = value;
    else if (option_is(option, "keep"))
        wishes->keep = strchr("y1t", value[0]) != NULL;
    else
        return false;
    return true;
}

static void library_option_parse(struct run_wishes *wishes, size_t n, char *value,
                                 struct argp_state *state)
{
    const struct library_option *option = library_option_at(n);
    if (!option->is_right(value))
        argp_error(state, "--%s=%s: wrong value, %s is wanted", option->name, value,
                   option->argument);
    if (wish_takes(wishes, option, value))
        return;
    if (option_is(option, "only"))
        wishes->only = value;
    if (option_is(option, "skip"))
        wishes->skip = value;
    if (!library_options_add(&wishes->library, option->name, value))
        argp_error(state, "--%s: a value with a quotation mark cannot be passed on", option->name);
}

static error_t run_parse(int key, char *argument, struct argp_state *state)
{
    struct run_wishes *wishes = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &wishes->gate;
        return 0;
    case KEY_WAIT:
        if (!duration_parse(argument, &wishes->wait_ms))
            argp_error(state, "--wait=%s: wrong value, TIME is wanted", argument);
        return 0;
    case KEY_SELFTEST:
        wishes->selftest = true;
        return 0;
    case ARGP_KEY_ARGS:
        wishes->program = state->argv + state->next;
        return 0;
    case ARGP_KEY_END:
        if (wishes->program == NULL && !wishes->selftest)
            argp_error(state, "a program is missing");
        return 0;
    default:
        if (key < KEY_LIBRARY || key >= KEY_LIBRARY + LIBRARY_MAX)
            return ARGP_ERR_UNKNOWN;
        library_option_parse(wishes, (size_t)(key - KEY_LIBRARY), argument, state);
        return 0;
    }
}

/* What `seep run` says of an option: the library's words and default, or its own. */
static const char *library_option_help(struct arena *arena, const struct library_option *option)
{
    if (option_is(option, "output"))
        return "file for what all processes leave [seep.PROGRAM.PID.leak, if there is something "
               "to say]";
    if (option_is(option, "keep"))
        return "leave the file with nothing to say, too [no]";
    const char *initial = option_is(option, "print") ? "full" : option->initial;
    return initial[0] == '\0' ? option->help : arena_print(arena, "%s [%s]", option->help, initial);
}

static size_t library_options_list(struct arena *arena, struct argp_option *list)
{
    size_t count = 0;
    for (size_t n = 0; library_option_at(n) != NULL && n < LIBRARY_MAX; n++) {
        const struct library_option *option = library_option_at(n);
        if (option_is(option, "exitcode"))
            continue; /* the gate's */
        list[count++] = (struct argp_option){.name = option->name,
                                             .key = KEY_LIBRARY + (int)n,
                                             .arg = option->argument,
                                             .doc = library_option_help(arena, option),
                                             .group = 5};
    }
    return count;
}

void run_options_parse(int argc, char **argv, struct run_wishes *wishes)
{
    static const struct argp_option own[] = {
        {"wait", KEY_WAIT, "TIME", 0, "how long to wait for descendants [2s]", 1},
        {"selftest", KEY_SELFTEST, NULL, 0, "check first that a planted leak is found here", 1},
    };
    static const struct argp_child children[] = {{&gate_argp, 0, "Gate:", 10}, {0}};
    struct argp_option options[LIBRARY_MAX + 4] = {own[0], own[1]};
    options[2] = (struct argp_option){.doc = "Watching:", .group = 5};
    struct arena arena = {0};
    library_options_list(&arena, options + 3);
    struct argp argp = {
        .options = options,
        .parser = run_parse,
        .args_doc = "-- PROGRAM [ARGUMENT…]",
        .doc = "Runs a program, watches it and all that it starts, and reports on standard error "
               "what they leak. Exits with the program's own failure, 23 for leaks, 24 when "
               "inconclusive, or 0.",
        .children = children,
    };
    argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, wishes);
    arena_free(&arena);
}
