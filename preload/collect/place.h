/*
 * Where to mark: in a snapshot, or in place with the world stopped.
 *
 * place_is_here runs in the thread that collects, before the stop; it reads /proc and the memory
 * cgroup with raw system calls.
 */
#ifndef SEEP_COLLECT_PLACE_H
#define SEEP_COLLECT_PLACE_H

#include <stdbool.h>

/* True when no process should be cloned now: it would be the first of a new pid namespace and break
 * the program's own fork, the memory cgroup has little room left for copies, or the program keeps
 * memory from its children. */
bool place_is_here(void);

#endif
