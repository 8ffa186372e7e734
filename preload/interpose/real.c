/* Looks up the next functions; see real.h. */
#include "real.h"

#include <link.h>
#include <string.h>

struct real real; /* set once by real_start, before threads */

/* glibc's smallest chunk fills a slot of the ledger; another allocator may pack blocks closer. */
static size_t real_least_bytes(void *allocator)
{
    struct dl_find_object found;
    if (_dl_find_object(allocator, &found) != 0)
        return 32;
    const char *name = found.dlfo_link_map->l_name;
    const char *base = strrchr(name, '/');
    return strcmp(base != NULL ? base + 1 : name, "libc.so.6") == 0 ? 0 : 32;
}

bool real_start(void)
{
#define X(result, name, parameters) real.name = (result(*) parameters)dlsym(RTLD_NEXT, #name);
    REAL_FUNCTIONS(X)
#undef X
#define BLOCKING(result, name, parameters, arguments)                                              \
    real.name = (result(*) parameters)dlsym(RTLD_NEXT, #name);
#include "blocking.def"
#undef BLOCKING
    dlerror(); /* gives back the message about a function that nobody defines */
    if (real.malloc == NULL || real.free == NULL)
        return false;
    real.least_bytes = real_least_bytes((void *)real.malloc);
    return true;
}
