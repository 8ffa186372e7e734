/*
 * The snapshot: a copy-on-write clone of the program in which marking runs.
 *
 * It is a full child of the program that the program must not notice: no exit signal, all signals
 * blocked, a session of its own, none of the program's descriptors, no core dump, first in line
 * for the out-of-memory killer. It runs on a stack of its own, since the program's threads may
 * have 16 KB. Neither libc's fork nor its handlers are involved, so any lock of libc may be taken
 * in it for ever.
 */
#ifndef SEEP_COLLECT_SNAPSHOT_H
#define SEEP_COLLECT_SNAPSHOT_H

#include <stdint.h>

/* Once: maps the stack. Returns 0 or -ENOMEM. */
int snapshot_start(void);

/* Clones. In the copy calls `body(argument)`, whose result is its exit status. The copy keeps the
 * descriptor `keep_fd` (or none: -1). The caller has all signals blocked. Returns the copy's pid or
 * a negative errno. */
int snapshot_take(int (*body)(void *argument), void *argument, int keep_fd);

/* Waits for the copy and reaps it. Returns its exit status, 128 + the signal that ended it, or a
 * negative errno. */
int snapshot_wait(int pid);

/* The same without waiting: -EAGAIN while it runs. */
int snapshot_poll(int pid);

/* Both in one, with all signals of the calling thread blocked meanwhile. */
int snapshot_call(int (*body)(void *argument), void *argument, int keep_fd);

/* Calls `body(argument)` in this very process, on the snapshot's stack; returns its result. For
 * marking in place, with the world stopped. */
int snapshot_here(int (*body)(void *argument), void *argument);

#endif
