/*
 * Finds libseep.so from where our own executable lies.
 */
#include "run.h"

#include "../place.h"

#include <errno.h>
#include <string.h>

int library_find(struct arena *arena, const char **path, struct problem *problem)
{
    static const char *const places[] = {"../preload/libseep.so", "../lib/seep/libseep.so",
                                         "../" SEEP_LIBDIR "/seep/libseep.so", NULL};
    *path = place_find(arena, places);
    if (*path == NULL)
        return problem_set(problem, -ENOENT, "libseep.so is neither at %s nor at %s from here",
                           places[0], places[1]);
    if (strpbrk(*path, " :") != NULL)
        return problem_set(problem, -EINVAL,
                           "%s: a path with a space or a colon cannot be preloaded", *path);
    return 0;
}
