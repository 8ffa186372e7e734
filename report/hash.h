/*
 * uthash for the command `seep`: its tables in the arena of their elements, so that a map needs no
 * end of its own. An `arena` must be in scope where something is added.
 */
#ifndef SEEP_REPORT_HASH_H
#define SEEP_REPORT_HASH_H

#include "memory.h"

#define uthash_malloc(bytes)      arena_alloc(arena, bytes)
#define uthash_free(piece, bytes) ((void)(piece))

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <uthash.h>
#pragma GCC diagnostic pop

#endif
