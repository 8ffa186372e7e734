/*
 * `seep`: turns leak report files into reports and into a pass or fail. This file has the list of
 * subcommands, prints errors and chooses the status; nothing else does.
 */
#include "commands/command.h"

#include <argp.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command commands[] = {
    {"run", "run a program and report what it leaks", command_run},
    {"report", "render leak report files", command_report},
    {"diff", "show what is new, gone or grown", command_diff},
    {"collect", "ask a running program for a collection", command_collect},
    {"selftest", "check that a planted leak is found here", command_selftest},
    {"help", "show the help of a command", command_help},
};

const char *argp_program_version = "seep " SEEP_VERSION;

const struct command *command_at(unsigned n)
{
    return n < sizeof commands / sizeof commands[0] ? &commands[n] : NULL;
}

const struct command *command_find(const char *name)
{
    for (unsigned i = 0; command_at(i) != NULL; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

/* The list of commands, below the options in `seep --help`. */
static char *help_filter(int key, const char *text, void *input)
{
    (void)input;
    if (key != ARGP_KEY_HELP_POST_DOC)
        return (char *)text;
    char *list = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&list, &length);
    if (stream == NULL)
        return (char *)text;
    fputs("Commands:\n", stream);
    for (unsigned i = 0; command_at(i) != NULL; i++)
        fprintf(stream, "  %-10s %s\n", commands[i].name, commands[i].help);
    fputs("\n`seep help COMMAND` shows a command's options.", stream);
    fclose(stream);
    return list;
}

static error_t main_parse(int key, char *argument, struct argp_state *state)
{
    const struct command **chosen = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        *chosen = command_find(argument);
        if (*chosen == NULL)
            argp_error(state, "no such command: %s", argument);
        state->argc = state->next; /* what follows is for the command's own parser */
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a command is missing");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* A file must not get the number of a standard stream that was closed: what is printed would go
 * there. A program that is run still finds them closed. */
static void standard_streams_fill(void)
{
    for (int stream = 0; stream <= 2; stream++)
        if (fcntl(stream, F_GETFD) < 0)
            (void)!open("/dev/null", O_RDWR | O_CLOEXEC);
}

int main(int argc, char **argv)
{
    standard_streams_fill();
    static const struct argp argp = {
        .parser = main_parse,
        .args_doc = "COMMAND [ARGUMENT…]",
        .doc = "Finds memory leaks in unmodified programs.\v(commands)",
        .help_filter = help_filter,
    };
    argp_err_exit_status = STATUS_USAGE;
    const struct command *command = NULL;
    int behind = argc;
    argp_parse(&argp, argc, argv, ARGP_IN_ORDER, &behind, &command);

    struct problem problem = {{0}};
    char name[64];
    snprintf(name, sizeof name, "seep %s", command->name);
    argv[behind - 1] = name;
    int status = command->run(argc - behind + 1, argv + behind - 1, &problem);
    if (problem.text[0] != '\0')
        fprintf(stderr, "seep: %s\n", problem.text);
    else if (status < 0)
        fprintf(stderr, "seep: %s\n", strerror(-status));
    return status < 0 ? STATUS_USAGE : status;
}
