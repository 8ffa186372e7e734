/*
 * Reading memory that may not be readable: a fault in fault_read is answered by its `false`.
 *
 * Between fault_begin and fault_end SIGSEGV and SIGBUS are handled here. Another fault in that time
 * is a bug of ours: it ends the snapshot, or, in place, goes to the program's own handler, which is
 * put back first. Not reentrant: one mark at a time.
 */
#ifndef SEEP_MARK_FAULT_H
#define SEEP_MARK_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault_x86_64.h"

/* Returns 0 or a negative errno. */
int fault_begin(bool in_snapshot);
void fault_end(void);

/* Copies words of 8 bytes; false when one cannot be read. */
bool fault_copy(void *to, uintptr_t from, size_t bytes);

#endif
