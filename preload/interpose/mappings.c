/*
 * mmap and its relatives: what the program maps itself is `external`, and pages that it maps hold
 * no blocks any more, whatever lay there before.
 *
 * Runs in program threads. A call that the next allocator makes for itself (the thread is inside
 * the shim) is heapTotal and is not counted here.
 */
#include <stdarg.h>
#include <sys/syscall.h>

#include "../record/external.h"
#include "../record/unforked.h"
#include "guard.h"

/* Before the real functions are known the kernel serves. */
static void *mappings_raw_mmap(void *at, size_t bytes, int protection, int flags, int fd,
                               off_t offset)
{
    guard_start();
    return real.mmap != NULL ? real.mmap(at, bytes, protection, flags, fd, offset) : MAP_FAILED;
}

static bool mappings_are_the_programs(void)
{
    return guard_is_recording() && thread_self.inside == 0;
}

static void mappings_add(uintptr_t start, size_t bytes, struct stacks_entry entry)
{
    struct guard guard = guard_enter();
    external_mapped(start, bytes, stacks_capture(entry));
    guard_leave(guard);
}

static void mappings_remove(uintptr_t start, size_t bytes)
{
    struct guard guard = guard_enter();
    external_unmapped(start, bytes);
    guard_leave(guard);
}

REAL_EXPORT void *mmap(void *at, size_t bytes, int protection, int flags, int fd, off_t offset)
{
    if (real.mmap == NULL)
        return mappings_raw_mmap(at, bytes, protection, flags, fd, offset);
    void *start = real.mmap(at, bytes, protection, flags, fd, offset);
    if (start != MAP_FAILED && guard_is_recording()) {
        ledger_pages_clear((uintptr_t)start, (uintptr_t)start + bytes);
        if (mappings_are_the_programs())
            mappings_add((uintptr_t)start, bytes, STACKS_ENTRY());
    }
    return start;
}

REAL_EXPORT void *mmap64(void *at, size_t bytes, int protection, int flags, int fd, off_t offset)
    __attribute__((alias("mmap")));

REAL_EXPORT int munmap(void *start, size_t bytes)
{
    if (real.munmap == NULL)
        guard_start();
    if (guard_is_recording()) {
        ledger_pages_clear((uintptr_t)start, (uintptr_t)start + bytes);
        if (mappings_are_the_programs())
            mappings_remove((uintptr_t)start, bytes);
    }
    return real.munmap(start, bytes);
}

REAL_EXPORT void *mremap(void *old, size_t old_bytes, size_t bytes, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    void *wanted = va_arg(list, void *);
    va_end(list);
    if (real.mremap == NULL)
        guard_start();
    void *start = real.mremap(old, old_bytes, bytes, flags, wanted);
    if (start != MAP_FAILED && mappings_are_the_programs()) {
        ledger_pages_clear((uintptr_t)start, (uintptr_t)start + bytes);
        mappings_remove((uintptr_t)old, old_bytes);
        mappings_add((uintptr_t)start, bytes, STACKS_ENTRY());
    }
    return start;
}

REAL_EXPORT int madvise(void *start, size_t bytes, int advice)
{
    if (real.madvise == NULL)
        guard_start();
    unforked_advised(advice, bytes);
    return real.madvise(start, bytes, advice);
}
