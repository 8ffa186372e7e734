/*
 * Zeroes what earlier calls left below the caller's frame, 1,280 bytes of the calling thread's
 * stack.
 *
 * A frame that is laid there next, of the library or of the program, may leave gaps, and those are
 * read as live stack by a collection: the address of a block in one of them would keep it.
 * Runs anywhere.
 */
#ifndef SEEP_BASE_SCRUB_H
#define SEEP_BASE_SCRUB_H

/* Returns what it is given: a caller that wants to keep an address puts it on no stack for that. */
void *scrub_stack(void *kept);

#endif
