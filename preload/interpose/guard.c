/*
 * Starting the shim, and the pool for allocations that come before the next allocator is known, or
 * in the snapshot; see guard.h.
 */
#include "guard.h"

#include <string.h>

#include "../base/pages.h"
#include "../base/pool.h"
#include "../base/tasks.h"

uint32_t guard_mode HOT; /* see guard.h */

enum {
    GUARD_DEPTH_EARLY = 64, /* until the options are known */
    /* Where less is left of a limited address space (`ulimit -v`), it is all the program's. */
    GUARD_ROOM_LEFT = 64 << 20
};

/* Bumped under no lock: one thread while starting, one in the snapshot. */
_Alignas(16) unsigned char guard_pool[GUARD_POOL_BYTES];
static size_t pool_used;

void *guard_pool_take(size_t bytes, size_t alignment)
{
    size_t header = 16;
    size_t at = (pool_used + header + alignment - 1) & ~(alignment - 1);
    if (bytes > GUARD_POOL_BYTES || at + bytes > GUARD_POOL_BYTES) {
        if (guard_mode != GUARD_SNAPSHOT)
            return NULL;
        /* In the snapshot there is plenty, and nothing is given back. */
        unsigned char *pages = pages_map(bytes + alignment + header);
        if (pages == NULL)
            return NULL;
        uintptr_t start = ((uintptr_t)pages + header + alignment - 1) & ~(alignment - 1);
        memcpy((void *)(start - header), &bytes, sizeof bytes);
        return (void *)start;
    }
    memcpy(guard_pool + at - header, &bytes, sizeof bytes);
    pool_used = at + ((bytes + 15) & ~(size_t)15);
    return guard_pool + at;
}

size_t guard_pool_size(const void *block)
{
    size_t bytes;
    memcpy(&bytes, (const unsigned char *)block - 16, sizeof bytes);
    return bytes;
}

uintptr_t guard_nest_slow(struct thread_state *self, uintptr_t here)
{
    uintptr_t outer = self->inside;
    uintptr_t frame = outer & ~(uintptr_t)THREAD_IN_REGION;
    bool is_gone = here > frame && here - frame < (1u << 20);
    thread_region_end(self); /* its wrapper may yet be about to begin it */
    return is_gone ? 0 : outer;
}

void guard_unnest_slow(struct guard guard)
{
    if (!thread_is_busy(guard.self))
        hooks.park();
}

void guard_park_slow(void)
{
    hooks.park();
}

void guard_set_mode(enum guard_mode mode)
{
    __atomic_store_n(&guard_mode, mode, __ATOMIC_RELEASE);
    stacks_shut_short_way(mode != GUARD_RECORDING || thread_self.paused != 0);
}

void guard_off(void)
{
    guard_set_mode(GUARD_OFF);
    if (tasks_count() == 1) /* no other thread is in a wrapper */
        ledger_stop();
}

void guard_start(void)
{
    uint32_t unstarted = GUARD_UNSTARTED;
    if (!__atomic_compare_exchange_n(&guard_mode, &unstarted, GUARD_STARTING, false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return;
    bool found = real_start();
    bool ready = found && ledger_start() && thread_start() && stacks_start(GUARD_DEPTH_EARLY) &&
                 pages_have_room(GUARD_ROOM_LEFT);
    __atomic_store_n(&guard_mode, ready ? GUARD_RECORDING : GUARD_OFF, __ATOMIC_RELEASE);
}
