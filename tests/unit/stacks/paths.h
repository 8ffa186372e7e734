/*
 * For the tests of stacks/: capturing a call path, asking what is in it, and a Check main.
 */
#ifndef SEEP_TESTS_STACKS_PATHS_H
#define SEEP_TESTS_STACKS_PATHS_H

#include <check.h>

#include "../../../preload/leakfile.h"
#include "../../../preload/stacks/depot.h"
#include "../../../preload/stacks/modules.h"
#include "../../../preload/stacks/stacks.h"

/* The call path of the caller, as a wrapper of malloc would record it. Fails the test if there is
 * none. */
const struct depot_stack *path_here(void);
uint32_t path_id_here(void);

/* True when frame `frame` of the path is in the function `name` (exported by the test). */
bool path_is_at(const struct depot_stack *path, uint32_t frame, const char *name);

/* True when some frame is in the function; its number goes to `frame` if that is not NULL. */
bool path_has(const struct depot_stack *path, const char *name);

/* Captures as a wrapper does and fails the test if a walk, which the cache has no part in, comes to
 * another path. Returns the id; counts in path_hits where the cache knew the path. */
uint32_t path_checked(struct stacks_entry entry);
extern unsigned path_hits;

/* Starts the library at depth 64 and makes enough captures for the thread to have a cache. */
void path_warm(void);

/* Runs the tests of one file, up to a NULL, when the modules are known. */
int path_main(const char *name, const TTest *const tests[]);

/* Calls `callee` from frames of a form that compilers rarely make; in frames_x86_64.S. */
void frame_by_rbx(void (*callee)(void));       /* the CFA counts from rbx: odd */
void frame_without_cfi(void (*callee)(void));  /* no call frame information */
void frame_out_of_reach(void (*callee)(void)); /* the CFA is where no memory is */
void frame_realigned(void (*callee)(void));    /* the CFA is what lies below rbp */
void frame_outermost(void (*callee)(void));    /* the return address is undefined */
void frame_fp_is_first(void (*callee)(void));  /* the caller's rbp was pushed twice: that counts */
void frame_fp_is_second(void (*callee)(void)); /* the same, but for the one that counts */

#endif
