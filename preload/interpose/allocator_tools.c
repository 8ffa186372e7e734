/*
 * Functions that ask the allocator about itself: they take the locks of its arenas one after the
 * other. A thread that were parked in one would hold up all that allocate, so it counts as inside
 * the shim and parks on leaving.
 *
 * Runs in program threads. Before the next allocator is known these start the lookup.
 */
#include <malloc.h>

#include "guard.h"

#define ALLOCATOR_TOOL(result, name, parameters, arguments)                                        \
    REAL_EXPORT result name parameters                                                             \
    {                                                                                              \
        if (real.name == NULL)                                                                     \
            guard_start();                                                                         \
        struct guard guard = guard_enter();                                                        \
        result found = real.name arguments;                                                        \
        guard_leave(guard);                                                                        \
        return found;                                                                              \
    }

ALLOCATOR_TOOL(struct mallinfo, mallinfo, (void), ())
ALLOCATOR_TOOL(struct mallinfo2, mallinfo2, (void), ())
ALLOCATOR_TOOL(int, malloc_trim, (size_t keep_bytes), (keep_bytes))
ALLOCATOR_TOOL(int, malloc_info, (int options, FILE *out), (options, out))
ALLOCATOR_TOOL(int, mallopt, (int parameter, int value), (parameter, value))

REAL_EXPORT void malloc_stats(void)
{
    if (real.malloc_stats == NULL)
        guard_start();
    struct guard guard = guard_enter();
    real.malloc_stats();
    guard_leave(guard);
}
