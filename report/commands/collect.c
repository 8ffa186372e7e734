/*
 * `seep collect PID`: asks a running program for a collection now, and prints what it found.
 */
#include "command.h"

#include "../aggregate/aggregate.h"
#include "../load/load.h"
#include "../place.h"
#include "../render/renderer.h"
#include "../run/run.h"
#include "../symbolize/symbolize.h"
#include "gate_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_FORMAT = 0x300, KEY_TIMEOUT, COLLECT_WAIT_MS = 10000 };

struct collect_wishes {
    struct program_request request;
    const struct renderer *renderer;
};

static const struct argp_option options[] = {
    {"format", KEY_FORMAT, "FORMAT", 0,
     "text, json (report.schema.json), junit, sarif or folded [text]", 0},
    {"timeout", KEY_TIMEOUT, "TIME", 0, "how long to wait for the answer [10s]", 0},
    {0},
};

static error_t collect_parse(int key, char *argument, struct argp_state *state)
{
    struct collect_wishes *wishes = state->input;
    char *end = NULL;
    switch (key) {
    case KEY_FORMAT:
        wishes->renderer = renderer_find(argument);
        if (wishes->renderer == NULL)
            argp_error(state, "%s: no such format", argument);
        return 0;
    case KEY_TIMEOUT:
        if (!duration_parse(argument, &wishes->request.wait_ms))
            argp_error(state, "%s: not a time", argument);
        return 0;
    case ARGP_KEY_ARG: {
        long pid = strtol(argument, &end, 10);
        if (wishes->request.pid != 0 || *end != '\0' || pid <= 0 || pid > INT32_MAX)
            argp_error(state, "%s: not a process id", argument);
        wishes->request.pid = (pid_t)pid;
        return 0;
    }
    case ARGP_KEY_END:
        if (wishes->request.pid == 0)
            argp_error(state, "a process id is missing");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* That the program still runs is no news here. */
static void reasons_drop_running(struct report *report)
{
    size_t kept = 0;
    for (size_t i = 0; i < report->reasons.count; i++)
        if (report->reasons.items[i].reason.code != LEAKFILE_REASON_STILL_RUNNING)
            report->reasons.items[kept++] = report->reasons.items[i];
    report->reasons.count = kept;
}

static int collect_print(struct model *model, const struct collect_wishes *wishes,
                         struct problem *problem)
{
    struct symbolizer *symbolizer = symbolizer_new(&model->arena);
    struct report *report = aggregate_model(model, symbolizer, NULL);
    reasons_drop_running(report);
    struct gate gate = gate_defaults();
    gate.known = place_find_known(&model->arena);
    int error = gate_apply(&gate, report, problem);
    if (error == 0)
        error = wishes->renderer->write(report, stdout, stream_wants_colour(stdout));
    if (error == 0 && (fflush(stdout) != 0 || ferror(stdout)))
        error = problem_set(problem, -EIO, "standard output: cannot write the report");
    symbolizer_free(symbolizer);
    return error;
}

int command_collect(int argc, char **argv, struct problem *problem)
{
    static const struct argp argp = {
        .options = options,
        .parser = collect_parse,
        .args_doc = "PID",
        .doc = "Asks a running program, started with Seep, for a collection now, and prints what "
               "it found.",
    };
    struct collect_wishes wishes = {.request = {.wait_ms = COLLECT_WAIT_MS},
                                    .renderer = &renderer_text};
    argp_parse(&argp, argc, argv, 0, NULL, &wishes);
    struct model model = {0};
    const char *file = NULL;
    int status = program_ask(&model.arena, &wishes.request, &file, problem);
    if (status == 0)
        status = load_file(&model, file, problem);
    if (status == 0)
        status = collect_print(&model, &wishes, problem);
    arena_free(&model.arena);
    return status;
}
