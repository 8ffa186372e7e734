/*
 * `seep selftest`: is a planted leak found in this environment?
 */
#include "command.h"

#include "../run/run.h"

#include <argp.h>

enum { KEY_PLANT = 0x500 };

static error_t selftest_parse(int key, char *argument, struct argp_state *state)
{
    bool *plants = state->input;
    switch (key) {
    case KEY_PLANT:
        *plants = true;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "%s: no argument is wanted", argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int command_selftest(int argc, char **argv, struct problem *problem)
{
    static const struct argp_option options[] = {
        {"plant", KEY_PLANT, NULL, OPTION_HIDDEN, "plant the leak", 1},
        {0},
    };
    static const struct argp argp = {
        .options = options,
        .parser = selftest_parse,
        .doc = "Plants a leak in a child, and expects to find it. Exits with 0 when it was found, "
               "24 when not.",
    };
    bool plants = false;
    argp_parse(&argp, argc, argv, 0, NULL, &plants);
    if (plants) {
        selftest_plant();
        return 0;
    }
    struct arena arena = {0};
    const char *library;
    int found = library_find(&arena, &library, problem);
    if (found == 0)
        found = selftest_run(library, problem);
    arena_free(&arena);
    if (found < 0)
        return found;
    puts(found == 1 ? "seep: the self-test found its planted leak"
                    : "seep: the self-test did not find its planted leak");
    return found == 1 ? 0 : STATUS_INCONCLUSIVE;
}
