/*
 * dlclose: modules are noted before they go, so that a call path can be named afterwards, and what
 * is known of addresses is not used meanwhile.
 *
 * Runs in program threads, outside of the loader's lock. dlopen is not wrapped: glibc takes the
 * caller's address for its RUNPATH and namespace, so a wrapper would change what is found. Modules
 * that came since are noted here, at a call path that names an unknown one, and in collections.
 */
#include "../stacks/modules.h"
#include "guard.h"

REAL_EXPORT int dlclose(void *handle)
{
    if (real.dlclose == NULL)
        guard_start();
    bool is_recording = guard_is_recording();
    if (is_recording)
        modules_close_begin();
    int status = real.dlclose(handle);
    if (is_recording)
        modules_close_end();
    return status;
}
