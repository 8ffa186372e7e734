/*
 * dlclose: modules are noted before they go, so that a call path can be named afterwards.
 *
 * Runs in program threads, outside of the loader's lock. dlopen is not wrapped: glibc takes the
 * caller's address for its RUNPATH and namespace, so a wrapper would change what is found. Modules
 * that came since are noted here, at a call path that names an unknown one, and in collections.
 */
#include "guard.h"

static void loader_note(void)
{
    if (guard_is_recording() && hooks.modules != NULL)
        hooks.modules();
}

REAL_EXPORT int dlclose(void *handle)
{
    if (real.dlclose == NULL)
        guard_start();
    loader_note();
    int status = real.dlclose(handle);
    loader_note();
    return status;
}
