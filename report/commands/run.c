/*
 * `seep run -- PROGRAM`: runs a program with the library preloaded and reports on its whole tree.
 */
#include "command.h"

#include "../aggregate/aggregate.h"
#include "../load/load.h"
#include "../place.h"
#include "../render/renderer.h"
#include "../symbolize/symbolize.h"
#include "run_options.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* What the user's SEEP_OPTIONS say, then our own wishes, then what must be so. */
static const char *library_settings(struct arena *arena, const struct run_wishes *wishes,
                                    const char *folder)
{
    const char *users = getenv("SEEP_OPTIONS");
    const char *ours = arena_copy_text(arena, wishes->library.bytes, wishes->library.length);
    bool both = users != NULL && users[0] != '\0' && ours[0] != '\0';
    const char *others =
        arena_print(arena, "%s%s%s", users == NULL ? "" : users, both ? ":" : "", ours);
    return library_options_for(arena, others, folder);
}

static void model_add_reason(struct model *model, uint32_t code, const char *text)
{
    struct reason *reason = VEC_ADD(&model->arena, &model->reasons);
    reason->code = code;
    reason->text = text;
}

/* Do the options leave the first program out? */
static bool program_is_left_out(const struct run_wishes *wishes)
{
    const char *name = base_name(wishes->program[0]);
    return (wishes->only != NULL && wishes->only[0] != '\0' &&
            !glob_list_has(wishes->only, name)) ||
           (wishes->skip != NULL && glob_list_has(wishes->skip, name));
}

static void model_load_left(struct model *model, const struct left_files *files,
                            const struct run_wishes *wishes, const struct outcome *outcome)
{
    bool main_seen = false;
    for (size_t i = 0; i < files->items.count; i++) {
        struct problem trouble = {{0}};
        if (load_file(model, files->items.items[i].path, &trouble) != 0)
            model_add_reason(model, LEAKFILE_REASON_FILE_CUT,
                             arena_copy_text(&model->arena, trouble.text, strlen(trouble.text)));
    }
    for (size_t i = 0; i < model->processes.count; i++)
        main_seen |= model->processes.items[i]->pid == (uint32_t)outcome->pid;
    if (main_seen)
        return;
    if (!program_is_left_out(wishes))
        model_add_reason(model, LEAKFILE_REASON_NOT_STARTED,
                         program_explain_silence(&model->arena, wishes->program[0]));
    else if (model->processes.count == 0)
        model_add_reason(model, LEAKFILE_REASON_NOT_STARTED,
                         "only and skip leave out every program that was started");
}

/* Programs that left no section: their files are here and often tell why. */
static void reasons_explain(struct report *report)
{
    for (size_t i = 0; i < report->reasons.count; i++) {
        struct told_reason *told = &report->reasons.items[i];
        bool silent = told->reason.code == LEAKFILE_REASON_NOT_STARTED ||
                      told->reason.code == LEAKFILE_REASON_CHILD_NO_FILE;
        if (silent && told->process != NULL && told->reason.text[0] == '/')
            told->reason.text = program_explain_silence(&report->model->arena, told->reason.text);
    }
}

static bool report_has_something(const struct report *report)
{
    for (size_t i = 0; i < report->findings.count; i++)
        if (finding_counts(report->findings.items[i]))
            return true;
    return report->reasons.count > 0 || report->gone.count > 0;
}

/* What suppressions, the baseline and the rules for known noise took away, and what they missed: a
 * line, so that nobody takes a gate for stricter than it is. */
static bool report_has_aside(const struct report *report)
{
    for (size_t i = 0; i < report->rules.count; i++)
        if (!report->rules.items[i].shipped || report->rules.items[i].findings > 0)
            return true;
    return report->has_baseline;
}

/* Keeps the files as one: under the wished name, or beside us when there is something to say. */
static int files_keep(struct arena *arena, const struct left_files *files,
                      const struct run_wishes *wishes, const struct outcome *outcome,
                      struct problem *problem)
{
    if (wishes->output != NULL)
        return folder_gather(files, wishes->output, false, problem);
    const char *name =
        arena_print(arena, "seep.%s.%ld.leak", base_name(wishes->program[0]), (long)outcome->pid);
    int error = folder_gather(files, name, true, problem);
    for (int n = 2; error == -EEXIST && n < 1000; n++)
        error = folder_gather(files, arena_print(arena, "%s.%d", name, n), true, problem);
    return error;
}

static void run_print(const struct run_wishes *wishes, const struct report *report, bool say)
{
    bool colour = stream_wants_colour(stderr);
    if (strcmp(wishes->print, "none") == 0)
        return;
    if (say && strcmp(wishes->print, "full") == 0)
        renderer_text.write(report, stderr, colour);
    else if (say || report_has_aside(report))
        renderer_text_summary(report, stderr, colour);
}

/* After the program: reads, judges, prints, keeps. Returns the gate's status. */
static int run_report(const struct run_wishes *wishes, const char *folder,
                      const struct outcome *outcome, struct problem *problem)
{
    struct model model = {0};
    struct left_files files = {0};
    signal(SIGPIPE, SIG_IGN); /* a reader of our report that is gone must not change the status */
    folder_list(&model.arena, folder, &files);
    model_load_left(&model, &files, wishes, outcome);
    if (wishes->selftest_failed)
        model_add_reason(&model, LEAKFILE_REASON_SELFTEST, "");
    struct symbolizer *symbolizer = symbolizer_new(&model.arena);
    struct report *report = aggregate_model(&model, symbolizer, NULL);
    reasons_explain(report);
    int status = gate_apply(&wishes->gate, report, problem);
    if (status == 0) {
        bool say = report_has_something(report);
        run_print(wishes, report, say || report->held.count > 0);
        if ((say || wishes->keep || wishes->output != NULL) && files.items.count > 0)
            files_keep(&model.arena, &files, wishes, outcome, problem);
        status = verdict_status(report, &wishes->gate.rules);
    }
    symbolizer_free(symbolizer);
    arena_free(&model.arena);
    return status;
}

static int run_in_folder(struct run_wishes *wishes, const char *folder, const char *library,
                         struct problem *problem)
{
    struct arena arena = {0};
    struct start start = {
        .argv = wishes->program,
        .library = library,
        .options = library_settings(&arena, wishes, folder),
    };
    struct outcome outcome = {0};
    int status = program_run(&start, &outcome, problem);
    if (status == 0 && outcome.exec_error != 0) {
        problem_set(problem, -outcome.exec_error, "%s: %s", wishes->program[0],
                    strerror(outcome.exec_error));
        status = outcome_status(&outcome);
    } else if (status == 0) {
        descendants_wait(folder, wishes->wait_ms);
        int gate_status = run_report(wishes, folder, &outcome, problem);
        status = outcome_status(&outcome);
        if (status == 0)
            status = gate_status;
    }
    arena_free(&arena);
    return status;
}

int command_run(int argc, char **argv, struct problem *problem)
{
    struct run_wishes wishes = {.wait_ms = 2000, .print = "full", .gate = gate_defaults()};
    struct arena arena = {0};
    const char *library = NULL;
    const char *folder = NULL;
    run_options_parse(argc, argv, &wishes);
    wishes.gate.known = place_find_known(&arena);
    if (wishes.program == NULL) { /* --selftest alone */
        argv[1] = NULL;
        return command_selftest(1, argv, problem);
    }
    int status = gate_check(&wishes.gate, problem);
    if (status == 0)
        status = library_find(&arena, &library, problem);
    if (status == 0 && wishes.selftest) {
        status = selftest_run(library, problem);
        wishes.selftest_failed = status == 0;
        status = status > 0 ? 0 : status;
    }
    if (status == 0)
        status = folder_make(&arena, &folder, problem);
    if (status == 0) {
        status = run_in_folder(&wishes, folder, library, problem);
        folder_remove(folder);
    }
    free(wishes.library.bytes);
    arena_free(&arena);
    return status;
}
