/*
 * The subcommands of `seep`: one file each, listed once in main.c.
 */
#ifndef SEEP_REPORT_COMMAND_H
#define SEEP_REPORT_COMMAND_H

#include "../problem.h"

enum { STATUS_USAGE = 2, STATUS_LEAKS = 23, STATUS_INCONCLUSIVE = 24 };

struct command {
    const char *name;
    const char *help;
    /* argv[0] is "seep NAME". Returns the exit status, or a negative errno, which main.c turns into
     * status 2. A line in `problem` is printed by main.c in both cases. */
    int (*run)(int argc, char **argv, struct problem *problem);
};

/* The n-th command, NULL behind the last one. */
const struct command *command_at(unsigned n);
const struct command *command_find(const char *name);

int command_run(int argc, char **argv, struct problem *problem);
int command_report(int argc, char **argv, struct problem *problem);
int command_diff(int argc, char **argv, struct problem *problem);
int command_collect(int argc, char **argv, struct problem *problem);
int command_selftest(int argc, char **argv, struct problem *problem);
int command_help(int argc, char **argv, struct problem *problem);

#endif
