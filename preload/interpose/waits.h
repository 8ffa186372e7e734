/*
 * The one child of the program that its waits must not find: the snapshot under way.
 */
#ifndef SEEP_INTERPOSE_WAITS_H
#define SEEP_INTERPOSE_WAITS_H

/* Its pid; 0 for none, negative while it is being cloned. Written by the collecting thread before
 * the world goes on; atomic. */
extern int waits_hidden_child __attribute__((visibility("hidden")));

/* The library has waited for the child, with this negative errno or exit status: it is over. */
void waits_child_is_over(int pid, int status);

#endif
