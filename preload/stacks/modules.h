/*
 * The modules (executable and shared objects) that are or were loaded, with their build ids.
 *
 * modules_refresh runs in program threads, outside of the loader's lock (at start, after dlopen,
 * before and after dlclose); modules_refresh_frozen in the snapshot, where it walks link_map
 * without a lock. Reading takes no lock and runs anywhere.
 *
 * A module may be loaded where another one was before. Such modules are `is_over`; a call path has
 * an epoch that says which of them it goes through, so that its addresses find the modules that
 * they were recorded in. Most paths have epoch 0. The same modules give the same epoch again.
 */
#ifndef SEEP_STACKS_MODULES_H
#define SEEP_STACKS_MODULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/hot.h"

enum {
    MODULES_MAX = 4096,
    MODULES_SEGMENTS_MAX = 8,
    MODULES_BUILD_ID_MAX = 32,
    MODULES_EPOCH_BITS = 52,
    MODULES_GENERATION_BITS = 22 /* above them: how many threads are in dlclose */
};

struct modules_segment {
    uintptr_t start; /* in memory, rounded out to pages */
    uintptr_t end;
    bool writable; /* by its program header (the part behind RELRO may be read-only by now) */
};

struct modules_module {
    uint32_t id; /* its index */
    bool unloaded;
    uintptr_t start;
    uintptr_t end;
    uintptr_t bias;
    uintptr_t tls_image; /* dlpi_tls_modid: its number in thread vectors, 0 for none */
    uint64_t tls_bytes;
    struct modules_segment segments[MODULES_SEGMENTS_MAX];
    uint32_t segment_count;
    uint32_t build_id_bytes;
    uint8_t build_id[MODULES_BUILD_ID_MAX];
    const char *path; /* own copy; of the executable: /proc/self/exe resolved at start */
    bool is_over;     /* loaded where another one had been before */
};

/* Brings the register up to date with the loader's list. Modules that are gone are marked
 * unloaded; their entries stay. Returns false when something could not be kept. */
bool modules_refresh(void);
/* Around dlclose: the loader may put another module in the place of one that went before it
 * returns, so nothing that is known of addresses counts in between, in any thread. Both refresh. */
void modules_close_begin(void);
void modules_close_end(void);
/* The same in the snapshot: without a lock, from the loader's list. */
bool modules_refresh_frozen(void);
/* In the child of a fork: another thread of the parent may have been refreshing. */
void modules_forked(void);

/* How many there are; ids are 0 … count - 1. */
uint32_t modules_count(void);
const struct modules_module *modules_get(uint32_t id);

/* The loaded module that `address` lies in, else the one unloaded last that it lay in, else NULL.
 */
const struct modules_module *modules_find(uintptr_t address);

/* The module that `address` lay in for a call path of that epoch (depot_stack), or NULL. */
const struct modules_module *modules_find_at(uintptr_t address, uint64_t epoch);

/* The epoch of a call path that is recorded now; MODULES_EPOCH_BITS bits. */
uint64_t modules_epoch_of(const uintptr_t *pcs, uint32_t frames);

/* Changes when a module was unloaded, or one that is over another became known: cached facts about
 * code addresses and call paths are stale then. Other than all that were, and of no use for what is
 * kept, while a thread is in dlclose. */
extern uint32_t modules_generation_now HOT;

static inline uint32_t modules_generation(void)
{
    return __atomic_load_n(&modules_generation_now, __ATOMIC_ACQUIRE);
}

static inline bool modules_generation_is_settled(uint32_t generation)
{
    return generation >> MODULES_GENERATION_BITS == 0;
}

#endif
