/*
 * The way for odd frames: the whole walk by libgcc's unwinder.
 *
 * Frames whose caller cannot be found from the stack and frame pointer alone (the CFA in another
 * register, an expression) are rare. libgcc's _Unwind_Backtrace knows them all; since glibc 2.35 it
 * takes no lock and no descriptor. It is linked in statically and hidden, so that nothing new is
 * loaded and nobody finds our copy. Runs in program threads, also inside signal handlers; uses
 * about 2 KB of stack.
 */
#ifndef SEEP_STACKS_ODD_H
#define SEEP_STACKS_ODD_H

#include "walk.h"

/* Once, single thread: lets libgcc set itself up. */
void odd_start(void);

/* Walks again from walk->entry, replacing what `walk` has. Returns false, with `walk` unchanged,
 * when libgcc does not come by the entry. */
bool odd_walk(struct walk *walk);

#endif
