/*
 * The threads of this process, as the kernel lists them.
 *
 * Raw system calls only. Runs in program threads and, with the world half stopped, in the one that
 * collects.
 */
#ifndef SEEP_BASE_TASKS_H
#define SEEP_BASE_TASKS_H

#include <stdbool.h>

/* Calls `each` with every tid of /proc/self/task. Returns how many times it returned true, or a
 * negative errno. */
int tasks_each(bool (*each)(int tid, void *argument), void *argument);

/* How many there are, without a list: the folder's links tell. Or a negative errno. */
int tasks_count(void);

/* This process as /proc numbers it: another number than getpid's where /proc is of another pid
 * namespace. 0 without /proc. */
int tasks_number_in_proc(void);

#endif
