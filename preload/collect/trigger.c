/*
 * When to collect; see trigger.h.
 *
 * The next collection is not due before the interval has passed, the pauses keep to their share of
 * time (`pace`), and ten times the last mark's duration: snapshots never overlap.
 */
#include "trigger.h"

#include <errno.h>
#include <signal.h>

#include "../base/clock.h"
#include "../base/options.h"
#include "../base/scrub.h"
#include "../base/sys.h"
#include "../record/thread.h"

enum {
    TRIGGER_MARK_FACTOR = 10,
    TRIGGER_HOLD_MS = 5000,       /* patience with a thread that decides for ever */
    TRIGGER_PERCENT_WHOLE = 10000 /* options.pace is in 1/100 % */
};

static struct section *watched; /* set once by trigger_start, NULL: nothing is triggered */
static int watched_pid;         /* set once by trigger_start: a vfork child shares this memory */
static struct collection_doors collection; /* set once by trigger_start */

/* Atomic. */
static uint64_t due_ns;     /* when the interval has passed; UINT64_MAX: never */
static uint64_t bytes;      /* allocated since the last collection, as ticks tell */
static uint32_t is_busy;    /* a thread is deciding or collecting */
static uint32_t is_noted;   /* trigger_note was called */
static uint64_t pending_ns; /* when the snapshot under way was taken, 0 for none */
static uint32_t is_held;    /* a thread executes another program and is the busy one for good */

void trigger_start(struct section *section, struct collection_doors doors)
{
    watched = section;
    watched_pid = sys_getpid();
    collection = doors;
    uint64_t interval_ns = options.interval * 1000000;
    __atomic_store_n(&due_ns, interval_ns != 0 ? clock_now_ns() + interval_ns : UINT64_MAX,
                     __ATOMIC_RELAXED);
    __atomic_store_n(&bytes, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&pending_ns, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&is_held, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&is_busy, 0, __ATOMIC_RELEASE);
}

void trigger_stop(void)
{
    watched = NULL;
}

static void trigger_schedule(uint64_t now)
{
    uint64_t pause_ns = collection.pause_ns(watched);
    uint64_t wait_ns = options.interval * 1000000;
    uint64_t mark_ns = now - __atomic_load_n(&pending_ns, __ATOMIC_RELAXED);
    uint64_t paced_ns = options.pace != 0 ? pause_ns * TRIGGER_PERCENT_WHOLE / options.pace : 0;
    if (options.pace == 0)
        mark_ns = 0; /* the tests switch pace off and count the collections */
    if (wait_ns < mark_ns * TRIGGER_MARK_FACTOR)
        wait_ns = mark_ns * TRIGGER_MARK_FACTOR;
    if (wait_ns < paced_ns)
        wait_ns = paced_ns;
    uint64_t begun = __atomic_load_n(&pending_ns, __ATOMIC_RELAXED);
    __atomic_store_n(&due_ns, options.interval != 0 ? begun + wait_ns : UINT64_MAX,
                     __ATOMIC_RELAXED);
}

/* Reaps the snapshot if it is done. Returns false while it is under way. Holder of is_busy only. */
static bool trigger_reap(uint64_t now)
{
    if (__atomic_load_n(&pending_ns, __ATOMIC_RELAXED) == 0)
        return true;
    if (!collection.reap(watched))
        return false;
    trigger_schedule(now);
    __atomic_store_n(&pending_ns, 0, __ATOMIC_RELAXED);
    return true;
}

static int trigger_collect(enum leakfile_trigger trigger, uint64_t now, const uint64_t *blocked)
{
    struct collection_request request = {.trigger = trigger, .blocked = blocked};
    __atomic_store_n(&bytes, 0, __ATOMIC_RELAXED);
    int error = collection.run(watched, &request);
    __atomic_store_n(&pending_ns, now, __ATOMIC_RELAXED);
    if (error != 0) { /* tried again later */
        trigger_schedule(now);
        __atomic_store_n(&pending_ns, 0, __ATOMIC_RELAXED);
    }
    return error;
}

/* Decides and collects; out of the callers' way, for it is rare. A handler of the program that ran
 * while the thread is the busy one could leave by longjmp, and nobody would ever collect again: no
 * signals meanwhile. */
static __attribute__((noinline)) void trigger_look(uint64_t now, bool by_bytes)
{
    if (watched == NULL || __atomic_load_n(&is_busy, __ATOMIC_RELAXED) != 0 ||
        sys_getpid() != watched_pid)
        return;
    uint64_t all = ~0ull;
    uint64_t mask;
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &all, &mask, sizeof all);
    if (__atomic_exchange_n(&is_busy, 1, __ATOMIC_ACQUIRE) == 0) {
        bool is_free = trigger_reap(now); /* no snapshot is under way */
        scrub_stack(NULL);
        bool is_due = now >= __atomic_load_n(&due_ns, __ATOMIC_RELAXED);
        if (is_free && __atomic_exchange_n(&is_noted, 0, __ATOMIC_RELAXED) != 0)
            trigger_collect(LEAKFILE_TRIGGER_REQUEST, now, &mask);
        else if (is_free && (by_bytes || is_due))
            trigger_collect(by_bytes ? LEAKFILE_TRIGGER_BYTES : LEAKFILE_TRIGGER_INTERVAL, now,
                            &mask);
        __atomic_store_n(&is_busy, 0, __ATOMIC_RELEASE);
    }
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
}

static inline bool trigger_has_work(uint64_t now)
{
    return now >= __atomic_load_n(&due_ns, __ATOMIC_RELAXED) ||
           __atomic_load_n(&pending_ns, __ATOMIC_RELAXED) != 0 ||
           __atomic_load_n(&is_noted, __ATOMIC_RELAXED) != 0;
}

void trigger_tick(void)
{
    struct thread_state *self = &thread_self;
    bool by_bytes = false;
    if (options.interval_bytes != 0) {
        uint64_t fresh = self->allocated_bytes - self->ticked_bytes;
        self->ticked_bytes = self->allocated_bytes;
        by_bytes = __atomic_add_fetch(&bytes, fresh, __ATOMIC_RELAXED) >= options.interval_bytes;
    }
    uint64_t now = clock_now_ns();
    if (by_bytes || trigger_has_work(now))
        trigger_look(now, by_bytes);
}

void trigger_idle(void)
{
    uint64_t now = clock_now_ns();
    if (trigger_has_work(now))
        trigger_look(now, false);
}

void trigger_hold(void)
{
    struct timespec moment = {0, 500000};
    if (watched == NULL || sys_getpid() != watched_pid)
        return;
    /* This thread can be stopped here: the busy one may be about to. */
    for (uint64_t until = clock_now_ns() + TRIGGER_HOLD_MS * 1000000ull;
         __atomic_exchange_n(&is_busy, 1, __ATOMIC_ACQUIRE) != 0;
         sys_call(SYS_nanosleep, &moment, NULL))
        if (clock_now_ns() > until)
            return;
    __atomic_store_n(&is_held, 1, __ATOMIC_RELAXED);
    while (!trigger_reap(clock_now_ns()))
        sys_call(SYS_nanosleep, &moment, NULL);
}

void trigger_release(void)
{
    if (watched != NULL && sys_getpid() == watched_pid &&
        __atomic_exchange_n(&is_held, 0, __ATOMIC_RELAXED) != 0)
        __atomic_store_n(&is_busy, 0, __ATOMIC_RELEASE);
}

void trigger_note(void)
{
    __atomic_store_n(&is_noted, 1, __ATOMIC_RELAXED);
}

static int trigger_now_busy(const struct collection_request *request)
{
    struct timespec moment = {0, 1000000};
    uint64_t now = clock_now_ns();
    bool is_free = trigger_reap(now);
    while (!is_free && request->wait) {
        sys_call(SYS_nanosleep, &moment, NULL);
        is_free = trigger_reap(now = clock_now_ns());
    }
    if (!is_free)
        return -EBUSY;
    int error = collection.run(watched, request);
    __atomic_store_n(&pending_ns, error == 0 && !request->wait ? now : 0, __ATOMIC_RELAXED);
    return error;
}

int trigger_now(const ucontext_t *context, bool wait)
{
    uint64_t all = ~0ull; /* as in trigger_look */
    uint64_t mask;
    struct collection_request request = {.trigger = LEAKFILE_TRIGGER_REQUEST,
                                         .wait = wait,
                                         .frame = {.context = context},
                                         .blocked = &mask};
    if (watched == NULL)
        return -ENOSYS;
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &all, &mask, sizeof all);
    int error = -EBUSY;
    if (__atomic_exchange_n(&is_busy, 1, __ATOMIC_ACQUIRE) == 0) {
        scrub_stack(NULL);
        error = trigger_now_busy(&request);
        __atomic_store_n(&is_busy, 0, __ATOMIC_RELEASE);
    }
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
    return error;
}
