/* Which pages of a stack can be read; see reach.h. */
#include "reach.h"

#include <errno.h>

#include "../base/pages.h"
#include "../base/sys.h"
#include "thread_x86_64.h"

enum {
    REACH_GROW_MAX = 1 << 20, /* bytes that are asked about at one time, page by page */
    REACH_FAILURES_MAX = 8    /* then only the other range is used: coroutines beside the stack */
};

/* Set once by the loader, before any thread: the end of the main thread's stack. */
extern void *__libc_stack_end;

/* A range in one word, so that a signal handler in between finds or leaves a whole one: number of
 * its first page, and below that 16 bits with how many pages it has. 0 is none. */
typedef uint64_t reach_pages;

enum { REACH_COUNT_BITS = 16, REACH_COUNT_MAX = (1 << REACH_COUNT_BITS) - 1 };

/* What one thread knows; only the thread itself and its signal handlers touch it. All pages of a
 * range were asked about, whoever stored it last. */
struct reach_known {
    reach_pages own;
    reach_pages other;
    uint8_t failures;
};
static _Thread_local struct reach_known known __attribute__((tls_model("initial-exec")));

static struct reach reach_of(reach_pages pages, bool is_own)
{
    uintptr_t low = (pages >> REACH_COUNT_BITS) * PAGES_BYTES;
    return (struct reach){low, low + (pages & REACH_COUNT_MAX) * PAGES_BYTES, is_own};
}

static reach_pages pages_of(uintptr_t first, uintptr_t count)
{
    return (first / PAGES_BYTES) << REACH_COUNT_BITS | count;
}

static bool reach_has(const struct reach *reach, uintptr_t address)
{
    return address >= reach->low && address < reach->high;
}

static uintptr_t page_of(uintptr_t address)
{
    return address & ~(uintptr_t)(PAGES_BYTES - 1);
}

/* The kernel copies the new mask before it looks at `how`: EFAULT or EINVAL, and no effect. */
static bool page_is_readable(uintptr_t page)
{
    const long no_such_how = 99;
    return sys_call(SYS_rt_sigprocmask, no_such_how, page, NULL, sizeof(uint64_t)) != -EFAULT;
}

/* Extends `range` down to the page of `sp` and keeps it as the own stack's. Returns false where
 * it is too far or a page cannot be read. */
static bool reach_grow_down(struct reach *range, uintptr_t sp)
{
    uintptr_t want = page_of(sp);
    uintptr_t count = (range->high - want) / PAGES_BYTES;
    if (range->low - want > REACH_GROW_MAX || count > REACH_COUNT_MAX)
        return false;
    for (uintptr_t page = range->low; page > want; page -= PAGES_BYTES)
        if (!page_is_readable(page - PAGES_BYTES))
            return false;
    range->low = want;
    known.own = pages_of(want, count);
    return true;
}

/* The own stack ends at `top`, if `sp` is below it and nothing unreadable is between. What lies at
 * `top` itself is readable: the thread's control block, or the arguments of main. */
static bool reach_anchor(struct reach *range, uintptr_t top, uintptr_t sp)
{
    *range = (struct reach){page_of(top), page_of(top) + PAGES_BYTES, true};
    return sp < top && reach_grow_down(range, sp);
}

static __attribute__((noinline)) struct reach reach_around_slow(uintptr_t sp)
{
    struct reach range = reach_of(known.own, true);
    if (known.failures < REACH_FAILURES_MAX) {
        if (range.high == 0 && (reach_anchor(&range, (uintptr_t)__libc_stack_end, sp) ||
                                reach_anchor(&range, thread_control_block(), sp)))
            return range;
        if (known.own != 0 && sp < range.low && reach_grow_down(&range, sp))
            return range;
        known.failures++;
    }
    uintptr_t page = page_of(sp);
    if (!page_is_readable(page))
        return (struct reach){0, 0, false};
    known.other = pages_of(page, 1);
    return (struct reach){page, page + PAGES_BYTES, false};
}

struct reach reach_around(uintptr_t sp)
{
    struct reach range = reach_of(known.own, true);
    if (reach_has(&range, sp))
        return range;
    range = reach_of(known.other, false);
    if (reach_has(&range, sp))
        return range;
    return reach_around_slow(sp);
}

bool reach_read_slow(uintptr_t address, uintptr_t *word)
{
    uintptr_t last = address + sizeof *word - 1;
    reach_pages pages = known.other;
    struct reach other = reach_of(pages, false);
    bool is_known = reach_has(&other, address) && reach_has(&other, last);
    if (!is_known && (!page_is_readable(page_of(address)) || !page_is_readable(page_of(last))))
        return false;
    if (page_of(address) == other.high && (pages & REACH_COUNT_MAX) < REACH_COUNT_MAX)
        known.other = pages + 1;
    memcpy(word, (const void *)address, sizeof *word);
    return true;
}
