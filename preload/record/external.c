/* The sum of what the program mapped; see external.h. */
#include "external.h"

static int64_t external_bytes; /* atomic */

void external_mapped(size_t bytes)
{
    __atomic_fetch_add(&external_bytes, (int64_t)bytes, __ATOMIC_RELAXED);
}

void external_unmapped(size_t bytes)
{
    __atomic_fetch_sub(&external_bytes, (int64_t)bytes, __ATOMIC_RELAXED);
}

uint64_t external_total(void)
{
    int64_t bytes = __atomic_load_n(&external_bytes, __ATOMIC_RELAXED);
    return bytes > 0 ? (uint64_t)bytes : 0;
}
