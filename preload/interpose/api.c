/*
 * What programs tell and ask by seep.h, and the same by LeakSanitizer's interface.
 *
 * What a program tells LeakSanitizer about that tool alone (__lsan_is_turned_off,
 * __lsan_default_options) is not asked; __lsan_default_suppressions is, by write/section.c.
 *
 * Runs in program threads. LeakSanitizer's leak checks end the program when they find something;
 * ours only tell: the status is the gate's affair.
 */
#include <errno.h>
#include <string.h>

#include "../record/annotations.h"
#include "../seep.h"
#include "guard.h"

#undef SEEP_WEAK

REAL_EXPORT int seep_library_collect(struct seep_found *found, size_t bytes)
{
    struct hooks_found all = {0};
    if (!guard_is_recording() || thread_self.inside != 0 || hooks.collect == NULL)
        return -ENOSYS;
    int error = hooks.collect(&all);
    struct seep_found here = {all.lost_bytes,      all.lost_blocks,    all.indirect_bytes,
                              all.indirect_blocks, all.possible_bytes, all.possible_blocks};
    if (found != NULL)
        memcpy(found, &here, bytes < sizeof here ? bytes : sizeof here);
    return error;
}

REAL_EXPORT int seep_library_add_root(const void *start, size_t bytes)
{
    struct guard guard = guard_enter();
    int error = annotations_add_root((uintptr_t)start, bytes);
    guard_leave(guard);
    return error;
}

REAL_EXPORT int seep_library_remove_root(const void *start, size_t bytes)
{
    struct guard guard = guard_enter();
    int error = annotations_remove_root((uintptr_t)start, bytes);
    guard_leave(guard);
    return error;
}

REAL_EXPORT int seep_library_ignore(const void *block)
{
    if (!guard_is_recording())
        return -ENOSYS;
    struct guard guard = guard_enter();
    int error = annotations_ignore((uintptr_t)block);
    guard_leave(guard);
    return error;
}

REAL_EXPORT void seep_library_pause(void)
{
    if (!guard_is_recording())
        return;
    annotations_note_ignored();
    thread_pause();
}

REAL_EXPORT void seep_library_resume(void)
{
    if (guard_is_recording())
        thread_resume();
}

int __lsan_do_recoverable_leak_check(void);
void __lsan_do_leak_check(void);
void __lsan_ignore_object(const void *block);
void __lsan_register_root_region(const void *start, size_t bytes);
void __lsan_unregister_root_region(const void *start, size_t bytes);
void __lsan_disable(void);
void __lsan_enable(void);

/* 1 when something is lost. */
REAL_EXPORT int __lsan_do_recoverable_leak_check(void)
{
    struct seep_found found = {0};
    return seep_library_collect(&found, sizeof found) == 0 && found.lost_blocks != 0;
}

REAL_EXPORT void __lsan_do_leak_check(void)
{
    seep_library_collect(NULL, 0);
}

REAL_EXPORT void __lsan_ignore_object(const void *block)
{
    seep_library_ignore(block);
}

REAL_EXPORT void __lsan_register_root_region(const void *start, size_t bytes)
{
    seep_library_add_root(start, bytes);
}

REAL_EXPORT void __lsan_unregister_root_region(const void *start, size_t bytes)
{
    seep_library_remove_root(start, bytes);
}

REAL_EXPORT void __lsan_disable(void)
{
    seep_library_pause();
}

REAL_EXPORT void __lsan_enable(void)
{
    seep_library_resume();
}
