/*
 * The vector registers of a thread that a signal stopped, as roots. By processor: vectors_x86_64.c.
 *
 * Runs in the snapshot, or in the program while the world is stopped, between fault_begin and
 * fault_end.
 */
#ifndef SEEP_MARK_VECTORS_H
#define SEEP_MARK_VECTORS_H

#include "roots.h"

/* Adds what the kernel saved at `area`, where a signal frame has its floating point part, for the
 * thread with this number in the world. */
void vectors_add(struct roots *roots, uintptr_t area, int thread);

#endif
