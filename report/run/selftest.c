/*
 * The self-test: in an environment like this one, is a leak found at all? A child of our own is
 * watched as any program is.
 */
#include "run.h"

#include "../load/load.h"

#include <string.h>
#include <sys/wait.h>

enum {
    PLANTED_BYTES = 4099, /* a size that nothing else here has */
    PLANTED_BLOCKS = 3
};

void selftest_plant(void)
{
    for (int i = 0; i < PLANTED_BLOCKS; i++) {
        char *volatile planted = malloc(PLANTED_BYTES);
        if (planted != NULL)
            memset(planted, 1, PLANTED_BYTES);
        planted = NULL;
    }
}

static bool process_has_planted(const struct process *process)
{
    for (size_t i = 0; i < process->findings.count; i++) {
        const struct leakfile_finding *finding = &process->findings.items[i];
        if (finding->kind == LEAKFILE_KIND_LOST && finding->blocks == PLANTED_BLOCKS &&
            finding->bytes == (uint64_t)PLANTED_BYTES * PLANTED_BLOCKS)
            return true;
    }
    return false;
}

static bool folder_has_planted(const char *folder)
{
    struct model model = {0};
    struct left_files files = {0};
    struct problem ignored;
    bool found = false;
    folder_list(&model.arena, folder, &files);
    for (size_t i = 0; i < files.items.count; i++)
        load_file(&model, files.items.items[i].path, &ignored);
    for (size_t i = 0; i < model.processes.count; i++)
        found |= process_has_planted(model.processes.items[i]);
    arena_free(&model.arena);
    return found;
}

/* The job's own options are part of its environment; that they leave this program out is not. */
static const char *selftest_options(struct arena *arena, const char *folder)
{
    const char *users = getenv("SEEP_OPTIONS");
    bool some = users != NULL && users[0] != '\0';
    return library_options_for(
        arena, arena_print(arena, "%s%sonly=:skip=", some ? users : "", some ? ":" : ""), folder);
}

int selftest_run(const char *library, struct problem *problem)
{
    struct arena arena = {0};
    const char *folder;
    char own[] = "/proc/self/exe";
    char command[] = "selftest";
    char plant[] = "--plant";
    char *argv[] = {own, command, plant, NULL};
    int status = folder_make(&arena, &folder, problem);
    if (status == 0) {
        struct start start = {argv, library, selftest_options(&arena, folder)};
        struct outcome outcome = {0};
        status = program_run(&start, &outcome, problem);
        if (status == 0)
            status = outcome_status(&outcome) == 0 && folder_has_planted(folder);
        folder_remove(folder);
    }
    arena_free(&arena);
    return status;
}
