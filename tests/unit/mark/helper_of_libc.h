/* Helpers as threads of libc; see helper_of_libc.c. */
#ifndef SEEP_TESTS_UNIT_MARK_HELPER_OF_LIBC_H
#define SEEP_TESTS_UNIT_MARK_HELPER_OF_LIBC_H

#include <stddef.h>

/* How many may still be started, and how many were. */
extern size_t helper_left;
extern size_t helper_count;

#endif
