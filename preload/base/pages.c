/* Pages of the library's own and the register of them; see pages.h. */
#include "pages.h"

#include <sys/mman.h>

#include "lock.h"
#include "sys.h"

enum {
    PAGES_RANGES_MAX = 8192,
    PAGES_LEFT_MOST = 1 << 20 /* a snapshot gives larger pieces back */
};

/* Both protected by ranges_lock; sorted by start, adjacent ranges are merged. */
static struct pages_range ranges[PAGES_RANGES_MAX];
static size_t ranges_count;
static struct lock ranges_lock;

bool pages_end_with_process; /* see pages.h */

static size_t pages_round(size_t bytes)
{
    return (bytes + PAGES_BYTES - 1) & ~(size_t)(PAGES_BYTES - 1);
}

/* Index of the first range that ends at or behind `address`. */
static size_t pages_find(uintptr_t address)
{
    size_t low = 0;
    size_t high = ranges_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (ranges[middle].end < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool pages_register(uintptr_t start, uintptr_t end)
{
    LOCK_HELD(&ranges_lock);
    size_t at = pages_find(start);
    if (at < ranges_count && ranges[at].end == start) {
        ranges[at].end = end;
        if (at + 1 < ranges_count && ranges[at + 1].start == end) {
            ranges[at].end = ranges[at + 1].end;
            ranges_count--;
            for (size_t i = at + 1; i < ranges_count; i++)
                ranges[i] = ranges[i + 1];
        }
        return true;
    }
    if (at < ranges_count && ranges[at].start == end) {
        ranges[at].start = start;
        return true;
    }
    if (ranges_count == PAGES_RANGES_MAX)
        return false;
    for (size_t i = ranges_count; i > at; i--)
        ranges[i] = ranges[i - 1];
    ranges[at] = (struct pages_range){start, end};
    ranges_count++;
    return true;
}

static void pages_forget(uintptr_t start, uintptr_t end)
{
    LOCK_HELD(&ranges_lock);
    size_t at = pages_find(start + 1);
    if (at == ranges_count || ranges[at].start > start || ranges[at].end < end)
        return;
    struct pages_range old = ranges[at];
    if (old.start == start && old.end == end) {
        ranges_count--;
        for (size_t i = at; i < ranges_count; i++)
            ranges[i] = ranges[i + 1];
    } else if (old.start == start) {
        ranges[at].start = end;
    } else if (old.end == end || ranges_count == PAGES_RANGES_MAX) {
        ranges[at].end = start;
    } else {
        for (size_t i = ranges_count; i > at + 1; i--)
            ranges[i] = ranges[i - 1];
        ranges_count++;
        ranges[at].end = start;
        ranges[at + 1] = (struct pages_range){end, old.end};
    }
}

/* Puts down in the register what a system call mapped, or unmaps it again. */
static void *pages_keep(long mapped, size_t bytes)
{
    if (mapped < 0 && mapped > -4096)
        return NULL;
    if (pages_register((uintptr_t)mapped, (uintptr_t)mapped + bytes))
        return (void *)mapped;
    sys_call(SYS_munmap, mapped, bytes);
    return NULL;
}

static void *pages_map_flags(size_t bytes, int flags, int advice)
{
    bytes = pages_round(bytes);
    void *start = pages_keep(sys_call(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE,
                                      MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0),
                             bytes);
    if (start == NULL)
        return NULL;
    if (!lock_is_alone) { /* a snapshot leaves no core, and what it maps it uses whole */
        sys_call(SYS_madvise, start, bytes, MADV_NOHUGEPAGE);
        sys_call(SYS_madvise, start, bytes, MADV_DONTDUMP);
    }
    if (advice != 0)
        sys_call(SYS_madvise, start, bytes, advice);
    return start;
}

void *pages_map(size_t bytes)
{
    return pages_map_flags(bytes, MAP_PRIVATE, 0);
}

void *pages_map_shared(size_t bytes)
{
    return pages_map_flags(bytes, MAP_SHARED, 0);
}

void *pages_map_wiped(size_t bytes)
{
    return pages_map_flags(bytes, MAP_PRIVATE, MADV_WIPEONFORK);
}

/* An old size of 0 asks for a second mapping of the same pages; see mremap(2). */
void *pages_map_again(const void *shared, size_t bytes)
{
    bytes = pages_round(bytes);
    return pages_keep(sys_call(SYS_mremap, shared, 0, bytes, MREMAP_MAYMOVE), bytes);
}

void pages_unmap(void *start, size_t bytes)
{
    bytes = pages_round(bytes);
    if (pages_end_with_process && bytes <= PAGES_LEFT_MOST)
        return;
    pages_forget((uintptr_t)start, (uintptr_t)start + bytes);
    sys_call(SYS_munmap, start, bytes);
}

bool pages_have_room(size_t bytes)
{
    void *start = pages_map(bytes);
    if (start == NULL)
        return false;
    pages_forget((uintptr_t)start, (uintptr_t)start + pages_round(bytes));
    sys_call(SYS_munmap, start, pages_round(bytes));
    return true;
}

size_t pages_ranges(struct pages_range *out, size_t max)
{
    LOCK_HELD(&ranges_lock);
    for (size_t i = 0; i < ranges_count && i < max; i++)
        out[i] = ranges[i];
    return ranges_count;
}

size_t pages_total(void)
{
    LOCK_HELD(&ranges_lock);
    size_t total = 0;
    for (size_t i = 0; i < ranges_count; i++)
        total += ranges[i].end - ranges[i].start;
    return total;
}

void pages_fork_prepare(void)
{
    lock_take(&ranges_lock);
}

void pages_fork_done(void)
{
    lock_drop(&ranges_lock);
}

void pages_fork_unprepared(void)
{
    ranges_lock = (struct lock){0};
}
