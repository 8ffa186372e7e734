/*
 * Finds what belongs to the command from where its executable lies: in the build folder and
 * installed. Called by commands/ and run/.
 */
#ifndef SEEP_REPORT_PLACE_H
#define SEEP_REPORT_PLACE_H

#include "memory.h"

/* The real path of the first that exists of some paths, which end with a NULL and are relative to
 * the folder of our executable. NULL when none does. */
const char *place_find(struct arena *arena, const char *const *paths);

/* The rules for known noise, or NULL. */
const char *place_find_known(struct arena *arena);

#endif
