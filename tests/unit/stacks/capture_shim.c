/*
 * The smallest library that can be preloaded and records where each block comes from: glibc's
 * allocator behind stacks_capture, and nothing else of the library. For the tests of stacks/.
 *
 * SEEP_SHIM_DEPTH: frames kept (64). SEEP_SHIM_OFF: call glibc only, for measuring.
 */
#include <stdlib.h>

#include "../../../preload/stacks/modules.h"
#include "../../../preload/stacks/stacks.h"

#define SHIM_EXPORT __attribute__((visibility("default")))

extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *block, size_t bytes);

SHIM_EXPORT void *malloc(size_t bytes)
{
    void *block = __libc_malloc(bytes);
    stacks_capture(STACKS_ENTRY());
    return block;
}

SHIM_EXPORT void *calloc(size_t count, size_t bytes)
{
    void *block = __libc_calloc(count, bytes);
    stacks_capture(STACKS_ENTRY());
    return block;
}

SHIM_EXPORT void *realloc(void *block, size_t bytes)
{
    block = __libc_realloc(block, bytes);
    stacks_capture(STACKS_ENTRY());
    return block;
}

static __attribute__((constructor(101))) void shim_begin(void)
{
    const char *depth = getenv("SEEP_SHIM_DEPTH");
    if (getenv("SEEP_SHIM_OFF") == NULL)
        stacks_start(depth == NULL ? 64 : (unsigned)atoi(depth));
    modules_refresh();
}
