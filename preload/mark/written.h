/*
 * Which pages of a mapping were ever written: a JVM maps a quarter of the machine's memory and
 * touches little of it.
 *
 * Private memory is looked up in the pagemap of this process: copying it for the snapshot keeps
 * what is present or swapped. Shared memory is not copied, so for that the program's own is asked.
 * Without a pagemap all of a mapping counts as written.
 */
#ifndef SEEP_MARK_WRITTEN_H
#define SEEP_MARK_WRITTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memory_map.h"

struct written {
    int own;     /* descriptor of /proc/self/pagemap, negative: not readable */
    int program; /* the same of the program */
    bool program_given;
    void *buffer;
};

typedef void written_run_cb(void *data, uintptr_t start, uintptr_t end);

/* `program_pagemap`: an open descriptor, or -1. Returns 0 or -ENOMEM. */
int written_open(struct written *written, int program_pid, int program_pagemap);
void written_close(struct written *written);

/* Calls `run` for each run of written pages of the mapping, in order of addresses. */
void written_each(struct written *written, const struct memory_mapping *mapping,
                  written_run_cb *run, void *data);

#endif
