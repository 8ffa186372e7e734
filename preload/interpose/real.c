/* Looks up the next functions; see real.h. */
#include "real.h"

#include <link.h>
#include <string.h>

struct real real HOT; /* set once by real_start, before threads */

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

/* What malloc and calloc are where requests must be made larger; of the others the wrappers see to
 * that, since they are called less. Set once by real_start. */
static void *(*real_malloc_below)(size_t);
static void *(*real_calloc_below)(size_t, size_t);

static void *real_malloc_wide(size_t bytes)
{
    return real_malloc_below(bytes < real.least_bytes ? real.least_bytes : bytes);
}

static void *real_calloc_wide(size_t count, size_t each)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, each, &bytes) || bytes >= real.least_bytes)
        return real_calloc_below(count, each);
    return real_calloc_below(1, real.least_bytes);
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
    if (real.least_bytes != 0) {
        real_malloc_below = real.malloc;
        real_calloc_below = real.calloc;
        real.malloc = real_malloc_wide;
        real.calloc = real_calloc_wide;
    }
    return true;
}
