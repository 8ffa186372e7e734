/*
 * `seep report FILE…`: several leak report files become one report.
 */
#include "command.h"

#include "../aggregate/aggregate.h"
#include "../load/load.h"
#include "../place.h"
#include "../render/renderer.h"
#include "../symbolize/symbolize.h"
#include "gate_options.h"

#include <errno.h>
#include <string.h>

enum { KEY_FORMAT = 0x200, KEY_GATE, KEY_HOLDERS };

struct report_wishes {
    char **files;
    int file_count;
    const struct renderer *renderer;
    const char *output; /* NULL: standard output */
    const char *holders;
    bool fails; /* --gate */
    struct gate gate;
};

static const struct argp_option options[] = {
    {"format", KEY_FORMAT, "FORMAT", 0,
     "text, json (report.schema.json), junit, sarif or folded [text]", 1},
    {"output", 'o', "FILE", 0, "write to FILE instead of standard output", 1},
    {"holders", KEY_HOLDERS, "PATTERN", 0,
     "show who holds the reachable blocks of call paths with such a function; the program must "
     "have run with the option holders",
     1},
    {"gate", KEY_GATE, NULL, 0, "exit with 23 for leaks, with 24 when inconclusive", 2},
    {0},
};

static error_t report_parse(int key, char *argument, struct argp_state *state)
{
    struct report_wishes *wishes = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &wishes->gate;
        return 0;
    case KEY_FORMAT:
        wishes->renderer = renderer_find(argument);
        if (wishes->renderer == NULL)
            argp_error(state, "%s: no such format", argument);
        return 0;
    case 'o':
        wishes->output = argument;
        return 0;
    case KEY_HOLDERS:
        wishes->holders = argument;
        return 0;
    case KEY_GATE:
        wishes->fails = true;
        return 0;
    case ARGP_KEY_ARGS:
        wishes->files = state->argv + state->next;
        wishes->file_count = state->argc - state->next;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a leak report file is missing");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Reads all files. One that cannot be read is an error only if there is no other. */
static int load_files(struct model *model, const struct report_wishes *wishes,
                      struct problem *problem)
{
    int error = 0;
    struct problem first = {{0}};
    for (int i = 0; i < wishes->file_count; i++) {
        struct problem trouble = {{0}};
        int failed = load_file(model, wishes->files[i], &trouble);
        if (failed == 0)
            continue;
        error = failed;
        first = first.text[0] == '\0' ? trouble : first;
        struct reason *reason = VEC_ADD(&model->arena, &model->reasons);
        reason->code = LEAKFILE_REASON_FILE_CUT;
        reason->text = arena_copy_text(&model->arena, trouble.text, strlen(trouble.text));
    }
    if (model->processes.count != 0)
        return 0;
    *problem = first;
    return error;
}

static int report_write(const struct report *report, const struct report_wishes *wishes,
                        struct problem *problem)
{
    FILE *stream = wishes->output == NULL ? stdout : fopen(wishes->output, "we");
    if (stream == NULL)
        return problem_set(problem, -errno, "%s: %s", wishes->output, strerror(errno));
    int error = wishes->renderer->write(report, stream, stream_wants_colour(stream));
    if (error == 0 && (fflush(stream) != 0 || ferror(stream)))
        error = -EIO;
    if (stream != stdout && fclose(stream) != 0 && error == 0)
        error = -errno;
    if (error < 0)
        return problem_set(problem, error, "%s: cannot write the report: %s",
                           wishes->output == NULL ? "standard output" : wishes->output,
                           strerror(-error));
    return 0;
}

int command_report(int argc, char **argv, struct problem *problem)
{
    static const struct argp_child children[] = {{&gate_argp, 0, "Gate:", 10}, {0}};
    static const struct argp argp = {
        .options = options,
        .parser = report_parse,
        .args_doc = "FILE…",
        .doc = "Renders leak report files; several become one report.",
        .children = children,
    };
    struct report_wishes wishes = {.renderer = &renderer_text, .gate = gate_defaults()};
    argp_parse(&argp, argc, argv, 0, NULL, &wishes);

    struct model model = {0};
    wishes.gate.known = place_find_known(&model.arena);
    int status = load_files(&model, &wishes, problem);
    struct symbolizer *symbolizer = symbolizer_new(&model.arena);
    if (status == 0) {
        struct report *report = aggregate_model(&model, symbolizer, wishes.holders);
        status = gate_apply(&wishes.gate, report, problem);
        if (status == 0)
            status = report_write(report, &wishes, problem);
        if (status == 0 && wishes.fails)
            status = verdict_status(report, &wishes.gate.rules);
    }
    symbolizer_free(symbolizer);
    arena_free(&model.arena);
    return status;
}
