/*
 * Whether the program keeps memory from its children, by madvise(MADV_DONTFORK) or
 * MADV_WIPEONFORK: a snapshot then lacks it, and marking is done in place.
 *
 * Set in program threads; read by the thread that collects.
 */
#ifndef SEEP_RECORD_UNFORKED_H
#define SEEP_RECORD_UNFORKED_H

#include <stdbool.h>
#include <stddef.h>

/* The program gave this advice for so many bytes. */
void unforked_advised(int advice, size_t bytes);
bool unforked_is_used(void);

/* The program opened `fd` by userfaultfd(2): one of its threads may have to answer before a process
 * can be cloned (UFFD_FEATURE_EVENT_FORK), and it cannot while it is stopped. */
void unforked_opened(int fd);
bool unforked_would_wait(void);

#endif
