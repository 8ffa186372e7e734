/*
 * The register of modules; see modules.h.
 *
 * Entries are only ever added, and found by their number without a lock; a sorted list of the
 * loaded ones is rebuilt at each change and read under a sequence number.
 */
#include "modules.h"

#include <string.h>

#include "../base/lock.h"
#include "../base/pool.h"
#include "../base/sys.h"
#include "modules_read.h"

struct entry {
    struct modules_module module;
    const char *name;          /* as the loader has it, own copy */
    uint32_t seen;             /* the pass that saw it last */
    uint32_t unloaded_in_pass; /* the pass that missed it */
};

struct loaded {
    uintptr_t start;
    uintptr_t end;
    uint32_t id;
};

enum { CLOSE_ONE = 1 << MODULES_GENERATION_BITS };

uint32_t modules_generation_now HOT = 1; /* atomic; not 0 */

/* Written by whoever holds refresh_lock; entries below `count` are read by anybody. */
static struct entry *entries[MODULES_MAX];
static uint32_t count;      /* atomic */
static uint32_t over_count; /* atomic: of entries that are over others */
static uint32_t pass;
static bool is_stale;           /* in this pass something came or went that changes what is known */
static bool is_complete = true; /* false once something could not be kept */

/* The loaded ones by address; `loaded_version` is odd while they change. */
static struct loaded loaded[MODULES_MAX];
static uint32_t loaded_count;
static uint32_t loaded_version;

/* Never waited for: who finds it taken leaves a wish for one more pass, so that a thread with the
 * loader's lock cannot get stuck behind a thread that wants it. */
static struct lock refresh_lock;
static uint32_t refresh_wished; /* atomic */

static struct entry *entry_at(uint32_t id)
{
    return __atomic_load_n(&entries[id], __ATOMIC_ACQUIRE);
}

static bool module_has(const struct modules_module *module, uintptr_t address)
{
    return address >= module->start && address < module->end;
}

static bool entry_is(const struct entry *entry, const struct modules_module *found,
                     const char *name)
{
    const struct modules_module *module = &entry->module;
    return module->bias == found->bias && module->start == found->start &&
           module->end == found->end && module->build_id_bytes == found->build_id_bytes &&
           memcmp(module->build_id, found->build_id, found->build_id_bytes) == 0 &&
           strcmp(entry->name, name) == 0;
}

/* The module that is back at its place, or NULL; `is_over` is set when there was another one. */
static struct entry *entry_find(const struct modules_module *found, const char *name, bool *is_over)
{
    *is_over = false;
    for (uint32_t id = 0; id < count; id++) {
        const struct modules_module *module = &entries[id]->module;
        if (module->start >= found->end || module->end <= found->start)
            continue;
        if (entry_is(entries[id], found, name))
            return entries[id];
        *is_over = true;
    }
    return NULL;
}

static void entry_add(const struct modules_module *found, const char *name, bool is_over)
{
    struct entry *entry = count < MODULES_MAX ? pool_take(sizeof *entry) : NULL;
    if (entry == NULL) {
        is_complete = false;
        return;
    }
    entry->module = *found;
    entry->module.id = count;
    entry->module.path = modules_keep_path(name);
    entry->name = modules_keep_text(name);
    entry->seen = pass;
    if (entry->module.path == NULL || entry->name == NULL) {
        is_complete = false;
        return;
    }
    entry->module.is_over = is_over;
    if (is_over) {
        __atomic_add_fetch(&over_count, 1, __ATOMIC_RELEASE);
        is_stale = true;
    }
    __atomic_store_n(&entries[count], entry, __ATOMIC_RELEASE);
    __atomic_store_n(&count, count + 1, __ATOMIC_RELEASE);
}

/* One module of the loader's list. A module that comes back to where it was is the same one. */
static void take_locked(const struct modules_module *found, const char *name)
{
    bool is_over;
    struct entry *entry = entry_find(found, name, &is_over);
    if (entry != NULL) {
        entry->seen = pass;
        if (found->tls_image != 0) /* else it is not known here */
            entry->module.tls_image = found->tls_image;
        is_stale = is_stale || (entry->module.unloaded && entry->module.is_over);
        __atomic_store_n(&entry->module.unloaded, false, __ATOMIC_RELEASE);
        return;
    }
    entry_add(found, name, is_over);
}

static void loaded_rebuild_locked(void)
{
    __atomic_store_n(&loaded_version, loaded_version + 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    uint32_t total = 0;
    for (uint32_t id = 0; id < count; id++) {
        const struct modules_module *module = &entries[id]->module;
        if (module->unloaded)
            continue;
        uint32_t at = total++;
        for (; at > 0 && loaded[at - 1].start > module->start; at--)
            loaded[at] = loaded[at - 1];
        loaded[at] = (struct loaded){module->start, module->end, id};
    }
    loaded_count = total;
    __atomic_store_n(&loaded_version, loaded_version + 1, __ATOMIC_RELEASE);
}

static void generation_raise_locked(void)
{
    uint32_t now = modules_generation();
    uint32_t next;
    if (!is_stale)
        return;
    do {
        next = (now + 1) % CLOSE_ONE;
        next += next == 0; /* after four million changes */
    } while (!__atomic_compare_exchange_n(&modules_generation_now, &now,
                                          now / CLOSE_ONE * CLOSE_ONE + next, true,
                                          __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
}

static void pass_locked(void (*read)(modules_take_cb take))
{
    is_stale = false;
    pass++;
    read(take_locked);
    for (uint32_t id = 0; id < count; id++) {
        struct entry *entry = entries[id];
        if (entry->seen == pass || entry->module.unloaded)
            continue;
        __atomic_store_n(&entry->module.unloaded, true, __ATOMIC_RELEASE);
        entry->unloaded_in_pass = pass;
        is_stale = true;
    }
    loaded_rebuild_locked();
    generation_raise_locked();
}

bool modules_refresh(void)
{
    uint64_t all = ~0ull;
    uint64_t mask;
    __atomic_store_n(&refresh_wished, 1, __ATOMIC_SEQ_CST);
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &all, &mask, sizeof all);
    while (__atomic_load_n(&refresh_wished, __ATOMIC_SEQ_CST) != 0 && lock_try(&refresh_lock)) {
        while (__atomic_exchange_n(&refresh_wished, 0, __ATOMIC_SEQ_CST) != 0)
            pass_locked(modules_read_loaded);
        lock_drop(&refresh_lock);
    }
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
    return is_complete;
}

void modules_close_begin(void)
{
    modules_refresh();
    __atomic_add_fetch(&modules_generation_now, CLOSE_ONE, __ATOMIC_SEQ_CST);
}

void modules_close_end(void)
{
    modules_refresh();
    uint32_t generation = modules_generation();
    while (!modules_generation_is_settled(generation) && /* not in a child that was forked in it */
           !__atomic_compare_exchange_n(&modules_generation_now, &generation,
                                        generation - CLOSE_ONE, true, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE)) {
    }
}

bool modules_refresh_frozen(void)
{
    pass_locked(modules_read_frozen);
    return is_complete;
}

void modules_forked(void)
{
    if (!lock_try(&refresh_lock))
        loaded_rebuild_locked();
    is_stale = !modules_generation_is_settled(modules_generation());
    modules_generation_now %=
        CLOSE_ONE; /* what the parent's other threads close is their business */
    generation_raise_locked();
    lock_drop(&refresh_lock);
}

uint32_t modules_count(void)
{
    return __atomic_load_n(&count, __ATOMIC_ACQUIRE);
}

const struct modules_module *modules_get(uint32_t id)
{
    return id < modules_count() ? &entry_at(id)->module : NULL;
}

/* The loaded module at `address`, by the sorted list. */
static struct entry *loaded_find(uintptr_t address)
{
    for (;;) {
        uint32_t version = __atomic_load_n(&loaded_version, __ATOMIC_ACQUIRE);
        uint32_t low = 0;
        uint32_t high = loaded_count;
        while (low < high) {
            uint32_t middle = (low + high) / 2;
            if (loaded[middle].end <= address)
                low = middle + 1;
            else
                high = middle;
        }
        struct loaded hit = low < MODULES_MAX ? loaded[low] : (struct loaded){0, 0, 0};
        bool is_hit = low < loaded_count && address >= hit.start && address < hit.end;
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        if (version % 2 == 0 && __atomic_load_n(&loaded_version, __ATOMIC_RELAXED) == version)
            return is_hit ? entry_at(hit.id) : NULL;
        __builtin_ia32_pause();
    }
}

const struct modules_module *modules_find(uintptr_t address)
{
    struct entry *best = loaded_find(address);
    if (best != NULL)
        return &best->module;
    for (uint32_t id = 0; id < modules_count(); id++) {
        struct entry *entry = entry_at(id);
        if (module_has(&entry->module, address) &&
            (best == NULL || entry->unloaded_in_pass >= best->unloaded_in_pass))
            best = entry;
    }
    return best == NULL ? NULL : &best->module;
}

/* An epoch holds the ids, plus 1, of up to four modules that are over others. */
enum { EPOCH_ID_BITS = 13 };
_Static_assert(MODULES_MAX < 1 << EPOCH_ID_BITS, "an id, plus 1, fits");
_Static_assert(MODULES_EPOCH_BITS % EPOCH_ID_BITS == 0, "whole ids");

static uint64_t epoch_add(uint64_t epoch, uint32_t id)
{
    for (unsigned shift = 0; shift < MODULES_EPOCH_BITS; shift += EPOCH_ID_BITS) {
        uint64_t there = epoch >> shift & ((1u << EPOCH_ID_BITS) - 1);
        if (there == id + 1)
            return epoch;
        if (there == 0)
            return epoch | (uint64_t)(id + 1) << shift;
    }
    return epoch;
}

const struct modules_module *modules_find_at(uintptr_t address, uint64_t epoch)
{
    for (uint64_t rest = epoch; rest != 0; rest >>= EPOCH_ID_BITS) {
        const struct modules_module *over =
            modules_get((uint32_t)(rest & ((1u << EPOCH_ID_BITS) - 1)) - 1);
        if (over != NULL && module_has(over, address))
            return over;
    }
    struct entry *entry = loaded_find(address);
    if (entry != NULL && !entry->module.is_over)
        return &entry->module;
    for (uint32_t id = 0; id < modules_count(); id++) {
        const struct modules_module *module = &entry_at(id)->module;
        if (module_has(module, address) && !module->is_over)
            return module;
    }
    return NULL;
}

/* What `found` lies over has gone, though nobody told us. */
static void unload_below_locked(const struct modules_module *found)
{
    for (uint32_t id = 0; id < count; id++) {
        struct modules_module *module = &entries[id]->module;
        if (module->unloaded || module->start >= found->end || module->end <= found->start)
            continue;
        __atomic_store_n(&module->unloaded, true, __ATOMIC_RELEASE);
        entries[id]->unloaded_in_pass = pass;
        is_stale = true;
    }
}

static void note_locked(const struct modules_module *found, const char *name)
{
    bool is_over;
    const struct entry *known = entry_find(found, name, &is_over);
    if (known != NULL && !known->module.unloaded)
        return;
    is_stale = false;
    unload_below_locked(found);
    take_locked(found, name);
    loaded_rebuild_locked();
    generation_raise_locked();
}

static void modules_note(const uintptr_t *pcs, uint32_t frames, bool is_settled)
{
    uint64_t all = ~0ull;
    uint64_t mask;
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &all, &mask, sizeof all);
    if (lock_try(&refresh_lock)) {
        for (uint32_t i = 0; i < frames; i++) {
            const struct entry *entry = is_settled ? loaded_find(pcs[i] - 1) : NULL;
            modules_read_at(pcs[i] - 1, entry != NULL ? &entry->module.bias : NULL, note_locked);
        }
        lock_drop(&refresh_lock);
    }
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
}

/* True when all frames lie in modules that are known to be loaded. */
static bool frames_are_known(const uintptr_t *pcs, uint32_t frames)
{
    for (uint32_t i = 0; i < frames; i++)
        if (loaded_find(pcs[i] - 1) == NULL)
            return false;
    return true;
}

uint64_t modules_epoch_of(const uintptr_t *pcs, uint32_t frames)
{
    uint64_t epoch = 0;
    uint32_t generation = modules_generation();
    bool is_settled = modules_generation_is_settled(generation);
    /* Nothing was ever unloaded: every address means one module. */
    if (generation == 1)
        return 0;
    if (!is_settled || !frames_are_known(pcs, frames))
        modules_note(pcs, frames, is_settled);
    if (__atomic_load_n(&over_count, __ATOMIC_ACQUIRE) == 0)
        return 0;
    for (uint32_t i = 0; i < frames; i++) {
        const struct entry *entry = loaded_find(pcs[i] - 1);
        if (entry != NULL && entry->module.is_over)
            epoch = epoch_add(epoch, entry->module.id);
    }
    return epoch;
}
