/*
 * Waits for programs of the tree that outlive the first one. They are no children of ours: they
 * are known by their environment, which names our private folder, also while they are between two
 * programs or were never watched; and by the first pages of the files, where rights have changed
 * and the environment cannot be read.
 */
#include "run.h"

#include <dirent.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#define POLL_NS 10000000 /* 10 ms */

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* There, and no zombie that waits for its parent. */
static bool process_runs(uint32_t pid)
{
    char path[64];
    char line[512];
    snprintf(path, sizeof path, "/proc/%" PRIu32 "/stat", pid);
    CLEAN_STREAM FILE *stream = fopen(path, "re");
    if (stream == NULL || fgets(line, sizeof line, stream) == NULL)
        return false;
    const char *behind_name = strrchr(line, ')');
    return behind_name != NULL && strncmp(behind_name, ") Z", 3) != 0 &&
           strncmp(behind_name, ") X", 3) != 0;
}

static bool environment_names(const char *pid, const char *folder)
{
    char path[280];
    snprintf(path, sizeof path, "/proc/%s/environ", pid);
    CLEAN_STREAM FILE *stream = fopen(path, "re");
    CLEAN_FREE char *variable = NULL;
    size_t room = 0;
    while (stream != NULL && getdelim(&variable, &room, '\0', stream) > 0)
        if (strncmp(variable, "SEEP_OPTIONS=", 13) == 0)
            return strstr(variable, folder) != NULL;
    return false;
}

static bool some_have_environment(const char *folder)
{
    bool found = false;
    DIR *processes = opendir("/proc");
    for (struct dirent *entry; processes != NULL && (entry = readdir(processes)) != NULL;)
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
            found = found || environment_names(entry->d_name, folder);
    if (processes != NULL)
        closedir(processes);
    return found;
}

static bool some_are_alive(const char *folder)
{
    struct arena arena = {0};
    struct left_files files = {0};
    bool found = false;
    folder_list(&arena, folder, &files);
    for (size_t i = 0; !found && i < files.items.count; i++) {
        const struct leakfile_page *page = &files.items.items[i].page;
        found = page->alive == 1 && process_runs(page->pid);
    }
    arena_free(&arena);
    return found;
}

static bool some_run(const char *folder)
{
    return some_have_environment(folder) || some_are_alive(folder);
}

void descendants_wait(const char *folder, uint64_t wait_ms)
{
    uint64_t begin = now_ms();
    while (some_run(folder) && now_ms() - begin < wait_ms && !program_was_interrupted())
        nanosleep(&(struct timespec){.tv_nsec = POLL_NS}, NULL);
}
