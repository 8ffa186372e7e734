/*
 * Threads as the library knows them; see thread.h.
 *
 * thread_place_slow runs once a thread, in that thread, inside its first shim call. It takes no
 * lock: slots are claimed by compare-and-swap. thread_pointers_seen runs in the snapshot.
 */
#include "thread.h"

#include <link.h>

#include "../base/sys.h"
#include "../stacks/stacks.h"

enum {
    THREAD_SLOTS = 1 << 16,
    THREAD_CHUNK = 1 << 8,     /* slots that are mapped at once: address space may be scarce */
    THREAD_POINTERS = 1 << 15, /* a power of two */
    THREAD_PROBES = 4          /* slots looked at before a fresh one is taken */
};

__thread struct thread_state thread_self;

uint32_t thread_gate; /* see thread.h */

/* Thread pointers that were ever seen; atomic, they are only ever added. */
struct thread_pointers {
    uint32_t count;
    uintptr_t list[THREAD_POINTERS];
    uintptr_t set[THREAD_POINTERS];
};

/* Slots by hundreds; the first set by thread_start, the others once, by compare-and-swap. */
static struct thread_place *chunks[THREAD_SLOTS / THREAD_CHUNK];
/* Set once by thread_start, before threads. */
static struct thread_pointers *pointers;
static ptrdiff_t own_tls_offset;
static size_t own_tls_bytes;
static int process_pid; /* set again by thread_after_fork */

static struct thread_place spare; /* shared by all when there is no memory */
static uint32_t slots_used;       /* atomic */
static uint32_t slots_cursor;     /* atomic */

static int thread_find_tls_cb(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    uintptr_t tls = (uintptr_t)info->dlpi_tls_data;
    uintptr_t ours = (uintptr_t)&thread_self;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type != PT_TLS || tls == 0 || ours < tls || ours >= tls + header->p_memsz)
            continue;
        own_tls_offset = (ptrdiff_t)(tls - (uintptr_t)__builtin_thread_pointer());
        own_tls_bytes = header->p_memsz;
        return 1;
    }
    return 0;
}

/* NULL where its chunk was never mapped. */
static struct thread_place *thread_slot(uint32_t at)
{
    struct thread_place *chunk = __atomic_load_n(&chunks[at / THREAD_CHUNK], __ATOMIC_ACQUIRE);
    return chunk != NULL ? &chunk[at % THREAD_CHUNK] : NULL;
}

/* The same, mapped if need be; NULL when there is no memory. */
static struct thread_place *thread_slot_make(uint32_t at)
{
    struct thread_place **chunk = &chunks[at / THREAD_CHUNK];
    struct thread_place *none = NULL;
    if (__atomic_load_n(chunk, __ATOMIC_ACQUIRE) == NULL) {
        struct thread_place *fresh = pages_map(THREAD_CHUNK * sizeof *fresh);
        if (fresh != NULL && !__atomic_compare_exchange_n(chunk, &none, fresh, false,
                                                          __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            pages_unmap(fresh, THREAD_CHUNK * sizeof *fresh);
    }
    return thread_slot(at);
}

static uint32_t thread_slots_used(void)
{
    uint32_t used = __atomic_load_n(&slots_used, __ATOMIC_ACQUIRE);
    return used < THREAD_SLOTS ? used : THREAD_SLOTS;
}

bool thread_start(void)
{
    pointers = pages_map(sizeof *pointers);
    process_pid = sys_getpid();
    dl_iterate_phdr(thread_find_tls_cb, NULL);
    return thread_slot_make(0) != NULL && pointers != NULL;
}

/* Puts the pointer into a hash set, and behind the list when it is new there. */
static void thread_pointer_remember(uintptr_t pointer)
{
    size_t at = (pointer >> 6) * 0x9E3779B97F4A7C15u >> 49;
    for (size_t probe = 0; probe < 64; probe++) {
        uintptr_t *place = &pointers->set[(at + probe) % THREAD_POINTERS];
        uintptr_t seen = 0;
        if (__atomic_compare_exchange_n(place, &seen, pointer, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED)) {
            uint32_t end = __atomic_fetch_add(&pointers->count, 1, __ATOMIC_RELAXED);
            __atomic_store_n(&pointers->list[end % THREAD_POINTERS], pointer, __ATOMIC_RELAXED);
            return;
        }
        if (seen == pointer)
            return;
    }
}

size_t thread_pointers_seen(uintptr_t *out, size_t max)
{
    size_t count = 0;
    for (uint32_t i = 0; pointers != NULL && i < pointers->count && count < max; i++)
        if (pointers->list[i % THREAD_POINTERS] != 0)
            out[count++] = pointers->list[i % THREAD_POINTERS];
    return count;
}

static bool thread_is_gone(int tid)
{
    return tid != 0 && sys_call(SYS_tgkill, process_pid, tid, 0) < 0;
}

/* A slot whose thread has ended, among a few that the cursor passes; or NULL. */
static struct thread_place *thread_slot_recycle(int tid)
{
    uint32_t used = thread_slots_used();
    for (int probe = 0; probe < THREAD_PROBES && used > 0; probe++) {
        struct thread_place *slot =
            thread_slot(__atomic_fetch_add(&slots_cursor, 1, __ATOMIC_RELAXED) % used);
        int owner = slot != NULL ? __atomic_load_n(&slot->tid, __ATOMIC_RELAXED) : 0;
        if ((owner == tid || thread_is_gone(owner)) &&
            __atomic_compare_exchange_n(&slot->tid, &owner, tid, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return slot;
    }
    return NULL;
}

struct thread_place *thread_place_slow(void)
{
    int tid = sys_gettid();
    if (pointers == NULL)
        return &spare;
    thread_pointer_remember((uintptr_t)__builtin_thread_pointer());
    uint32_t hint = 0;
    struct thread_place *slot = thread_place_by_tid(tid, &hint); /* of an ended thread, same tid */
    if (slot == NULL)
        slot = thread_slot_recycle(tid);
    if (slot == NULL) {
        uint32_t at = __atomic_fetch_add(&slots_used, 1, __ATOMIC_RELAXED);
        slot = at < THREAD_SLOTS ? thread_slot_make(at) : NULL;
        if (slot == NULL)
            slot = &spare;
        __atomic_store_n(&slot->tid, tid, __ATOMIC_RELEASE);
    }
    slot->region = 0;
    slot->signal_stack = 0;
    slot->signal_stack_bytes = 0;
    slot->thread_pointer = (uintptr_t)__builtin_thread_pointer();
    thread_self.place = slot;
    return slot;
}

void thread_pause(void)
{
    if (thread_self.paused++ == 0)
        stacks_shut_short_way(true);
}

void thread_resume(void)
{
    if (thread_self.paused > 0 && --thread_self.paused == 0)
        stacks_shut_short_way(false);
}

struct pages_range thread_own_memory(uintptr_t thread_pointer)
{
    uintptr_t start = thread_pointer + (uintptr_t)own_tls_offset;
    return (struct pages_range){start, start + own_tls_bytes};
}

void thread_after_fork(void)
{
    process_pid = sys_getpid();
    if (thread_self.place != NULL && thread_self.place != &spare)
        thread_self.place->tid = sys_gettid();
}

void thread_gate_wait(void)
{
    for (uint32_t gate; (gate = __atomic_load_n(&thread_gate, __ATOMIC_SEQ_CST)) != 0;)
        sys_futex_wait(&thread_gate, gate, NULL);
}

struct thread_place *thread_place_by_tid(int tid, uint32_t *hint)
{
    uint32_t used = thread_slots_used();
    for (uint32_t step = 0; step < used; step++) {
        uint32_t at = (*hint + step) % used;
        struct thread_place *slot = thread_slot(at);
        if (slot == NULL || __atomic_load_n(&slot->tid, __ATOMIC_ACQUIRE) != tid)
            continue;
        *hint = at + 1;
        return slot;
    }
    return NULL;
}

bool thread_region_end(struct thread_state *self)
{
    if ((self->inside & THREAD_IN_REGION) == 0)
        return false;
    __atomic_store_n(&self->place->region, 0, __ATOMIC_SEQ_CST);
    thread_gate_wait();
    self->inside = 0;
    return true;
}

void thread_region_begin(struct thread_state *self)
{
    for (;;) {
        __atomic_store_n(&self->place->region, 1, __ATOMIC_SEQ_CST);
        if (__atomic_load_n(&thread_gate, __ATOMIC_SEQ_CST) == 0)
            return;
        __atomic_store_n(&self->place->region, 0, __ATOMIC_SEQ_CST);
        thread_gate_wait();
    }
}
