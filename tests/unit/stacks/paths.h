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

/* Runs the suite of one test file; `add` adds its tests. */
int path_main(const char *name, void (*add)(TCase *tests));

/* Calls `callee` from frames of a form that compilers rarely make; in frames.c. */
void frame_by_rbx(void (*callee)(void));       /* the CFA counts from rbx: odd */
void frame_without_cfi(void (*callee)(void));  /* no call frame information */
void frame_out_of_reach(void (*callee)(void)); /* the CFA is where no memory is */
void frame_realigned(void (*callee)(void));    /* the CFA is what lies below rbp */
void frame_outermost(void (*callee)(void));    /* the return address is undefined */

#endif
