/*
 * The one child of the program that its waits must not find: the snapshot under way.
 */
#ifndef SEEP_INTERPOSE_BLOCKING_H
#define SEEP_INTERPOSE_BLOCKING_H

/* Its pid, or 0. Written by the collecting thread; atomic. */
extern int blocking_hidden_child __attribute__((visibility("hidden")));

/* The library has waited for the child, with this negative errno or exit status: it is over. */
void blocking_child_is_over(int pid, int status);

#endif
