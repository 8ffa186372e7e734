/*
 * Finds libseep.so from where our own executable lies.
 */
#include "run.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

int library_find(struct arena *arena, const char **path, struct problem *problem)
{
    static const char *const places[] = {"/../preload/libseep.so", "/../lib/seep/libseep.so",
                                         "/../" SEEP_LIBDIR "/seep/libseep.so"};
    char own[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    if (length <= 0)
        return problem_set(problem, -errno, "/proc/self/exe: %s", strerror(errno));
    own[length] = '\0';
    *strrchr(own, '/') = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        CLEAN_FREE char *found = realpath(arena_print(arena, "%s%s", own, places[i]), NULL);
        if (found == NULL)
            continue;
        if (strpbrk(found, " :") != NULL)
            return problem_set(problem, -EINVAL,
                               "%s: a path with a space or a colon cannot be preloaded", found);
        *path = arena_copy_text(arena, found, strlen(found));
        return 0;
    }
    return problem_set(problem, -ENOENT, "libseep.so is neither in %s%s nor in %s%s", own,
                       places[0], own, places[1]);
}
