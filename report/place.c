/* Finds what belongs to the command; see place.h. */
#include "place.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

const char *place_find(struct arena *arena, const char *const *paths)
{
    char own[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    if (length <= 0)
        return NULL;
    own[length] = '\0';
    *strrchr(own, '/') = '\0';
    for (; *paths != NULL; paths++) {
        CLEAN_FREE char *found = realpath(arena_print(arena, "%s/%s", own, *paths), NULL);
        if (found != NULL)
            return arena_copy_text(arena, found, strlen(found));
    }
    return NULL;
}

const char *place_find_known(struct arena *arena)
{
    static const char *const places[] = {"data/known.supp", "../share/seep/known.supp",
                                         "../" SEEP_DATADIR "/seep/known.supp", NULL};
    return place_find(arena, places);
}
