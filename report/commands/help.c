/*
 * `seep help [COMMAND]`: the same as `seep --help` and `seep COMMAND --help`.
 */
#include "command.h"

#include <errno.h>
#include <stdio.h>

int command_help(int argc, char **argv, struct problem *problem)
{
    char *name = argc > 1 ? argv[1] : NULL;
    const struct command *command = name == NULL ? NULL : command_find(name);
    if (name != NULL && command == NULL)
        return problem_set(problem, -EINVAL, "no such command: %s", name);
    if (command != NULL && command->run != command_help) {
        char title[64];
        snprintf(title, sizeof title, "seep %s", command->name);
        char help[] = "--help";
        char *arguments[] = {title, help, NULL};
        return command->run(2, arguments, problem);
    }
    puts("Usage: seep COMMAND [ARGUMENT…]\n\nCommands:");
    for (unsigned i = 0; command_at(i) != NULL; i++)
        printf("  %-10s %s\n", command_at(i)->name, command_at(i)->help);
    puts("\n`seep help COMMAND` shows a command's options.");
    return 0;
}
