/*
 * What a program can tell Seep, and ask it. Include it anywhere, link with nothing: where the
 * program does not run under Seep, every function here does nothing and costs one comparison.
 *
 *     #include <seep.h>
 *     …
 *     struct seep_found found;
 *     if (seep_collect(&found) == 0 && found.lost_blocks != 0)
 *         …
 *
 * Programs annotated for LeakSanitizer need no change: its functions (lsan_interface.h) do the
 * same here.
 */
#ifndef SEEP_SEEP_H
#define SEEP_SEEP_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a collection found: blocks that nothing reaches, and those that only such blocks reach. */
struct seep_found {
    uint64_t lost_bytes;
    uint64_t lost_blocks;
    uint64_t indirect_bytes;
    uint64_t indirect_blocks;
    uint64_t possible_bytes;
    uint64_t possible_blocks;
};

#define SEEP_WEAK __attribute__((weak))

/* The library's side; use the functions below. */
SEEP_WEAK int seep_library_collect(struct seep_found *found, size_t bytes);
SEEP_WEAK int seep_library_add_root(const void *start, size_t bytes);
SEEP_WEAK int seep_library_remove_root(const void *start, size_t bytes);
SEEP_WEAK int seep_library_ignore(const void *block);
SEEP_WEAK void seep_library_pause(void);
SEEP_WEAK void seep_library_resume(void);

/* Runs a collection now and waits for what it found. Returns 0, or a negative errno: -ENOSYS
 * where the program does not run under Seep. */
static inline int seep_collect(struct seep_found *found)
{
    return seep_library_collect != NULL ? seep_library_collect(found, sizeof *found) : -ENOSYS;
}

/* What lies in these bytes counts as in use from now on, as if the memory were a global variable:
 * for memory that Seep cannot see a pointer to, or does not look at. */
static inline int seep_add_root(const void *start, size_t bytes)
{
    return seep_library_add_root != NULL ? seep_library_add_root(start, bytes) : -ENOSYS;
}

/* Takes back a seep_add_root with the same arguments. */
static inline int seep_remove_root(const void *start, size_t bytes)
{
    return seep_library_remove_root != NULL ? seep_library_remove_root(start, bytes) : -ENOSYS;
}

/* This block is no leak, whatever becomes of it; nor is what it leads to. -ENOENT where Seep knows
 * no block that starts here. */
static inline int seep_ignore(const void *block)
{
    return seep_library_ignore != NULL ? seep_library_ignore(block) : -ENOSYS;
}

/* What this thread allocates until seep_resume is no leak. The two nest. */
static inline void seep_pause(void)
{
    if (seep_library_pause != NULL)
        seep_library_pause();
}

static inline void seep_resume(void)
{
    if (seep_library_resume != NULL)
        seep_library_resume();
}

#ifdef __cplusplus
}
#endif

#endif
