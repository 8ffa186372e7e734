/*
 * uthash, bound to our own memory and without its exit(): the only includer of uthash.h.
 *
 * When there is no memory, HASH_ADD leaves the element out; the element's `hh.tbl` is then NULL.
 */
#ifndef SEEP_BASE_HASH_H
#define SEEP_BASE_HASH_H

#include "pool.h"

#define uthash_malloc(bytes)         pool_take(bytes)
#define uthash_free(piece, bytes)    pool_give(piece, bytes)
#define HASH_NONFATAL_OOM            1
#define uthash_nonfatal_oom(element) ((void)(element))

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <uthash.h>
#pragma GCC diagnostic pop

#endif
