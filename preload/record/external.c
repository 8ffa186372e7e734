/* What the program mapped; see external.h. */
#include "external.h"

#include "../base/lock.h"
#include "../base/pages.h"

struct external_mapping {
    uintptr_t start;
    uintptr_t end;
    uint32_t stack;
    uint32_t is_counted; /* external_each has added it already */
};

static int64_t external_bytes; /* atomic; whole pages, as the kernel has it */

/* Protected by external_lock, which is only tried: a signal handler of the program may map memory
 * while its thread holds it. What is missed then is in the sum only. */
static struct external_mapping mappings[EXTERNAL_MAPPINGS];
static size_t mapping_count;
static struct lock external_lock;

static uintptr_t external_page_up(uintptr_t address)
{
    return (address + PAGES_BYTES - 1) & ~(uintptr_t)(PAGES_BYTES - 1);
}

void external_mapped(uintptr_t start, size_t bytes, uint32_t stack)
{
    __atomic_fetch_add(&external_bytes, (int64_t)external_page_up(bytes), __ATOMIC_RELAXED);
    if (!lock_try(&external_lock))
        return;
    if (mapping_count < EXTERNAL_MAPPINGS)
        mappings[mapping_count++] =
            (struct external_mapping){start, external_page_up(start + bytes), stack, 0};
    lock_drop(&external_lock);
}

/* Takes [start, end) out of one mapping, which may leave two, one or none. */
static void external_cut(size_t at, uintptr_t start, uintptr_t end)
{
    struct external_mapping *mapping = &mappings[at];
    if (mapping->start >= start && mapping->end <= end) {
        *mapping = mappings[--mapping_count];
        return;
    }
    if (mapping->start < start && mapping->end > end && mapping_count < EXTERNAL_MAPPINGS)
        mappings[mapping_count++] = (struct external_mapping){end, mapping->end, mapping->stack, 0};
    if (mapping->start < start)
        mapping->end = start;
    else
        mapping->start = end;
}

void external_unmapped(uintptr_t start, size_t bytes)
{
    uintptr_t end = external_page_up(start + bytes);
    __atomic_fetch_sub(&external_bytes, (int64_t)external_page_up(bytes), __ATOMIC_RELAXED);
    if (!lock_try(&external_lock))
        return;
    for (size_t i = mapping_count; i-- > 0;)
        if (mappings[i].start < end && mappings[i].end > start)
            external_cut(i, start, end);
    lock_drop(&external_lock);
}

void external_after_fork(void)
{
    external_lock = (struct lock){0};
}

uint64_t external_total(void)
{
    int64_t bytes = __atomic_load_n(&external_bytes, __ATOMIC_RELAXED);
    return bytes > 0 ? (uint64_t)bytes : 0;
}

static struct external_sum external_sum_of(size_t first)
{
    struct external_sum sum = {0};
    for (size_t i = first; i < mapping_count; i++) {
        if (mappings[i].stack != mappings[first].stack)
            continue;
        mappings[i].is_counted = 1;
        sum.bytes += mappings[i].end - mappings[i].start;
        sum.mappings++;
    }
    return sum;
}

void external_each(void (*each)(void *argument, uint32_t stack, struct external_sum sum),
                   void *argument)
{
    for (size_t i = 0; i < mapping_count; i++)
        mappings[i].is_counted = 0;
    for (size_t i = 0; i < mapping_count; i++)
        if (mappings[i].is_counted == 0)
            each(argument, mappings[i].stack, external_sum_of(i));
}
