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

/* What one thread knows. Only its thread touches it; a signal handler in between may extend it
 * too, which does no harm: `low` and `high` only ever move over pages that were asked about. */
struct reach_known {
    struct reach own;
    struct reach other;
    uint8_t failures;
};
static _Thread_local struct reach_known known __attribute__((tls_model("initial-exec")));

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

/* Extends `range` down to the page of `sp`. Returns false where a page cannot be read. */
static bool reach_grow_down(struct reach *range, uintptr_t sp)
{
    uintptr_t want = page_of(sp);
    if (range->low - want > REACH_GROW_MAX)
        return false;
    for (uintptr_t page = range->low; page > want; page -= PAGES_BYTES)
        if (!page_is_readable(page - PAGES_BYTES))
            return false;
    range->low = want;
    return true;
}

/* The own stack has its top at `top`, if `sp` is below it and nothing unreadable is between. */
static bool reach_anchor(uintptr_t top, uintptr_t sp)
{
    struct reach range = {page_of(top), page_of(top)};
    if (sp >= top || !reach_grow_down(&range, sp))
        return false;
    range.high = top;
    known.own = range;
    return true;
}

static __attribute__((noinline)) struct reach reach_around_slow(uintptr_t sp)
{
    if (known.failures < REACH_FAILURES_MAX) {
        if (known.own.high == 0 && (reach_anchor(thread_control_block(), sp) ||
                                    reach_anchor((uintptr_t)__libc_stack_end, sp)))
            return known.own;
        if (sp < known.own.low && reach_grow_down(&known.own, sp))
            return known.own;
        known.failures++;
    }
    uintptr_t page = page_of(sp);
    if (!page_is_readable(page))
        return (struct reach){0, 0};
    known.other = (struct reach){page, page + PAGES_BYTES};
    return known.other;
}

struct reach reach_around(uintptr_t sp)
{
    if (sp >= known.own.low && sp < known.own.high)
        return known.own;
    if (sp >= known.other.low && sp < known.other.high)
        return known.other;
    return reach_around_slow(sp);
}

bool reach_read_slow(uintptr_t address, uintptr_t *word)
{
    uintptr_t first = page_of(address);
    uintptr_t last = page_of(address + sizeof *word - 1);
    bool in_other = address >= known.other.low && address < known.other.high &&
                    known.other.high - address >= sizeof *word;
    if (!in_other && (!page_is_readable(first) || (last != first && !page_is_readable(last))))
        return false;
    if (first == known.other.high)
        known.other.high += PAGES_BYTES;
    memcpy(word, (const void *)address, sizeof *word);
    return true;
}
