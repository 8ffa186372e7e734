/*
 * Walking the stacks of stopped threads by our own reader of call frame information, to name a root
 * by its frame where libunwind was not loaded: that costs every start of a program, this nothing.
 *
 * Runs in the snapshot, or in the program while the world is stopped, between fault_begin and
 * fault_end; no lock, no malloc. Ends at the first frame of a form that the reader does not know.
 */
#ifndef SEEP_MARK_FRAMES_H
#define SEEP_MARK_FRAMES_H

#include "unwind.h"

/* As unwind_thread. */
size_t frames_walk(const struct world_thread *thread, struct unwind_frame *frames, size_t max);

#endif
