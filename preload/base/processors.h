/*
 * How many processors are free for threads of ours at this moment.
 *
 * Raw system calls only. Runs in the snapshot.
 */
#ifndef SEEP_BASE_PROCESSORS_H
#define SEEP_BASE_PROCESSORS_H

#include <stdint.h>

/* Processors that this thread may use, its own included, less those on which something else runs,
 * and no more than what is left when `kept` of them stay free for others; at least 1. */
uint32_t processors_free(uint32_t kept);

#endif
