/*
 * `seep diff OLD NEW`: what is new, what is gone, what grew or shrank. Each is a leak report file
 * or a baseline.
 */
#include "command.h"

#include "../aggregate/aggregate.h"
#include "../gate/baseline.h"
#include "../gate/difference.h"
#include "../gate/suppressions.h"
#include "../load/load.h"
#include "../place.h"
#include "../render/pen.h"
#include "../symbolize/symbolize.h"

#include <argp.h>
#include <errno.h>
#include <string.h>

static error_t diff_parse(int key, char *argument, struct argp_state *state)
{
    char **files = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (state->arg_num >= 2)
            argp_error(state, "two files are wanted");
        files[state->arg_num] = argument;
        return 0;
    case ARGP_KEY_END:
        if (state->arg_num < 2)
            argp_error(state, "two files are wanted");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool file_is_baseline(const char *path)
{
    CLEAN_STREAM FILE *stream = fopen(path, "re");
    int first = stream == NULL ? EOF : getc(stream);
    return first == '{';
}

/* Everything read goes to the model's arena. */
static int side_read(struct model *model, const char *path, struct baseline *baseline,
                     struct problem *problem)
{
    if (file_is_baseline(path))
        return baseline_load(&model->arena, path, baseline, problem);
    int error = load_file(model, path, problem);
    if (error < 0)
        return error;
    struct symbolizer *symbolizer = symbolizer_new(&model->arena);
    struct report *report = aggregate_model(model, symbolizer, NULL);
    const char *known = place_find_known(&model->arena);
    if (known != NULL)
        error = suppressions_apply(report, known, true, problem);
    baseline_take(report, baseline);
    symbolizer_free(symbolizer);
    return error;
}

static void entry_write_words(struct arena *arena, const struct baseline_entry *entry)
{
    for (size_t i = 0; i < entry->path.count; i++)
        printf("    #%-2zu %s\n", i, escape_for_terminal(arena, entry->path.items[i]));
}

static void difference_write(struct arena *arena, const struct difference *difference)
{
    static const char *const titles[] = {"New", "Gone", "Grown", "Shrunk"};
    static const char *const kinds[] = {"lost", "possible", "growing", "settling"};
    const struct baseline_entry *entry =
        difference->after != NULL ? difference->after : difference->before;
    printf("%s in %s (%s): %s", titles[difference->change],
           escape_for_terminal(arena, entry->program), kinds[entry->kind],
           words_for_total(arena, entry->bytes, entry->blocks));
    if (difference->before != NULL && difference->after != NULL)
        printf(", before %s",
               words_for_total(arena, difference->before->bytes, difference->before->blocks));
    printf("  [%s]\n", escape_for_terminal(arena, entry->id));
    entry_write_words(arena, entry);
    putchar('\n');
}

int command_diff(int argc, char **argv, struct problem *problem)
{
    static const struct argp argp = {
        .parser = diff_parse,
        .args_doc = "OLD NEW",
        .doc = "Shows what is new, gone, grown or shrunk between two leak report files or "
               "baselines. Exits with 0 when they are the same, 1 when not, 2 on trouble.",
    };
    char *files[2] = {NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, files);

    struct model before = {0};
    struct model after = {0};
    struct baseline old = {0};
    struct baseline new = {0};
    int status = side_read(&before, files[0], &old, problem);
    if (status == 0)
        status = side_read(&after, files[1], &new, problem);
    if (status == 0) {
        struct differences differences = {0};
        size_t counts[4] = {0};
        differences_find(&after.arena, &old, &new, &differences);
        for (size_t i = 0; i < differences.items.count; i++) {
            difference_write(&after.arena, &differences.items.items[i]);
            counts[differences.items.items[i].change]++;
        }
        printf("seep: %zu new, %zu gone, %zu grown, %zu shrunk\n", counts[CHANGE_NEW],
               counts[CHANGE_GONE], counts[CHANGE_GROWN], counts[CHANGE_SHRUNK]);
        status = differences.items.count == 0 ? 0 : 1;
        if (fflush(stdout) != 0)
            status = problem_set(problem, -EIO, "standard output: cannot write");
    }
    arena_free(&before.arena);
    arena_free(&after.arena);
    return status;
}
