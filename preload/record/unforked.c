/* Notes memory that is kept from children; see unforked.h. */
#include "unforked.h"

#include <stdint.h>
#include <sys/mman.h>

enum {
    UNFORKED_SMALL = 64 << 10 /* the state of a random generator holds no pointers */
};

static uint32_t unforked_used; /* atomic; never taken back */

void unforked_advised(int advice, size_t bytes)
{
    if (advice == MADV_DONTFORK || (advice == MADV_WIPEONFORK && bytes > UNFORKED_SMALL))
        __atomic_store_n(&unforked_used, 1, __ATOMIC_RELAXED);
}

bool unforked_is_used(void)
{
    return __atomic_load_n(&unforked_used, __ATOMIC_RELAXED) != 0;
}
