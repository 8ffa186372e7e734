/* Notes memory that is kept from children; see unforked.h. */
#include "unforked.h"

#include <linux/userfaultfd.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "../base/sys.h"
#include "../base/text.h"

enum {
    UNFORKED_SMALL = 64 << 10, /* the state of a random generator holds no pointers */
    UNFORKED_HANDLERS = 16
};

/* Atomic; never taken back. */
static uint32_t unforked_used;
static uint32_t handler_count; /* of userfaultfd; the last of more are kept */
static int handlers[UNFORKED_HANDLERS];

void unforked_advised(int advice, size_t bytes)
{
    if (advice == MADV_DONTFORK || (advice == MADV_WIPEONFORK && bytes > UNFORKED_SMALL))
        __atomic_store_n(&unforked_used, 1, __ATOMIC_RELAXED);
}

bool unforked_is_used(void)
{
    return __atomic_load_n(&unforked_used, __ATOMIC_RELAXED) != 0;
}

void unforked_opened(int fd)
{
    uint32_t at = __atomic_fetch_add(&handler_count, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&handlers[at % UNFORKED_HANDLERS], fd, __ATOMIC_RELAXED);
}

/* What /proc tells of a userfaultfd: "API:", the number of its interface and the features that were
 * chosen, of base 16, with colons between. */
static bool unforked_waits_for(int fd)
{
    char name[48];
    char info[512] = "";
    struct text path = TEXT_OF(name);
    text_add(&path, "/proc/self/fdinfo/");
    text_add_number(&path, (uint64_t)fd);
    if (sys_read_file(name, info, sizeof info - 1) <= 0)
        return false;
    const char *at = strstr(info, "API:\t");
    at = at != NULL ? strchr(at + 5, ':') : NULL;
    if (at == NULL)
        return false;
    at++;
    return (text_number(&at, 16) & UFFD_FEATURE_EVENT_FORK) != 0;
}

bool unforked_would_wait(void)
{
    uint32_t count = __atomic_load_n(&handler_count, __ATOMIC_RELAXED);
    for (uint32_t i = 0; i < count && i < UNFORKED_HANDLERS; i++)
        if (unforked_waits_for(__atomic_load_n(&handlers[i], __ATOMIC_RELAXED)))
            return true;
    return false;
}
