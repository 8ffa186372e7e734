/*
 * The allocator's functions, as the program calls them.
 *
 * Runs in program threads, on every allocation, also in signal handlers and before main. Each
 * wrapper: enter, capture the call path, call the next function, record, leave. The call path is
 * captured before the window between the allocator and the ledger. A block is taken out of the
 * ledger before it is given back. Nothing here allocates, locks or looks at errno.
 *
 * Compiled with frame pointers, which STACKS_ENTRY needs.
 */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "../stacks/capture.h"
#include "guard.h"

static __attribute__((noinline, cold)) bool allocators_record_slow(void)
{
    if (__atomic_load_n(&guard_mode, __ATOMIC_ACQUIRE) != GUARD_UNSTARTED)
        return false;
    guard_start();
    return guard_is_recording();
}

/* True when the wrapper must record; else it has to take the rare way. */
static inline bool allocators_record(void)
{
    return guard_is_recording() || allocators_record_slow();
}

static inline bool allocators_use_pool(void)
{
    uint32_t mode = __atomic_load_n(&guard_mode, __ATOMIC_RELAXED);
    return mode == GUARD_STARTING || mode == GUARD_SNAPSHOT;
}

static __attribute__((noinline, cold)) void allocators_tick(uint32_t outer)
{
    if (outer != 0) {
        thread_self.countdown = 0; /* left to the frame further out, which may have to be parked */
        return;
    }
    thread_self.countdown = THREAD_TICK;
    if (hooks.tick != NULL)
        hooks.tick();
}

/* Leaves the shim; now and then the thread looks whether a collection is due. */
static inline void allocators_leave(struct guard guard)
{
    guard_leave(guard);
    if (__builtin_expect(thread_counts_down(), 0))
        allocators_tick(guard.outer);
}

/* A handler must not meet the capture that it interrupted in the middle of the cache. */
static inline uint32_t allocators_capture(struct guard guard, struct stacks_entry entry)
{
    return __builtin_expect(guard.is_nested, 0) ? stacks_capture_nested(entry)
                                                : capture_inline(entry);
}

static inline size_t allocators_request(size_t bytes)
{
    return __builtin_expect(bytes < real.least_bytes, 0) ? real.least_bytes : bytes;
}

/* The wrappers that are called most have two bodies: the first is for the common case, and makes no
 * call but to the capture and to the next function; all else is left to the second, out of line. */
#define ALLOCATORS_RARE static __attribute__((noinline, cold))

ALLOCATORS_RARE void *allocators_finish(struct guard guard, void *block, size_t bytes,
                                        uint32_t stack)
{
    record_allocated(guard.self, block, bytes, stack);
    allocators_leave(guard);
    return block;
}

/* The thread is to be parked, or looks whether a collection is due. */
ALLOCATORS_RARE void *allocators_leave_slow(void *block)
{
    if (thread_self.stop_pending != 0)
        hooks.park();
    allocators_tick(0);
    return block;
}

/* Records what guard_enter_first began, and leaves. */
static inline __attribute__((always_inline)) void *
allocators_finish_first(void *block, size_t bytes, uint32_t stack)
{
    if (__builtin_expect(!record_allocated_at_once(&thread_self, block, bytes, stack), 0))
        return allocators_finish((struct guard){&thread_self, 0, false}, block, bytes, stack);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    thread_self.inside = 0;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (__builtin_expect(thread_counts_down(), 0))
        return allocators_leave_slow(block);
    return block;
}

ALLOCATORS_RARE void *malloc_rare(struct stacks_entry entry, size_t bytes)
{
    if (!allocators_record())
        return allocators_use_pool() ? guard_pool_take(bytes, 16) : real.malloc(bytes);
    struct guard guard = guard_enter();
    uint32_t stack = allocators_capture(guard, entry);
    return allocators_finish(guard, real.malloc(bytes), bytes, stack);
}

REAL_EXPORT void *malloc(size_t bytes)
{
    if (!guard_enter_first())
        return malloc_rare(STACKS_ENTRY(), bytes);
    uint32_t stack = capture_inline(STACKS_ENTRY());
    return allocators_finish_first(real.malloc(bytes), bytes, stack);
}

static void *allocators_pool_calloc(size_t count, size_t each)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, each, &bytes))
        return NULL;
    void *block = guard_pool_take(bytes, 16);
    return block != NULL ? memset(block, 0, bytes) : NULL;
}

/* The next calloc; `bytes` receives the product, 0 when it does not fit. */
static inline void *allocators_calloc(size_t count, size_t each, size_t *bytes)
{
    if (__builtin_mul_overflow(count, each, bytes))
        *bytes = 0;
    return real.calloc(count, each);
}

ALLOCATORS_RARE void *calloc_rare(struct stacks_entry entry, size_t count, size_t each)
{
    if (!allocators_record())
        return allocators_use_pool() ? allocators_pool_calloc(count, each)
                                     : real.calloc(count, each);
    struct guard guard = guard_enter();
    uint32_t stack = allocators_capture(guard, entry);
    size_t bytes;
    void *block = allocators_calloc(count, each, &bytes);
    return allocators_finish(guard, block, bytes, stack);
}

REAL_EXPORT void *calloc(size_t count, size_t each)
{
    if (!guard_enter_first())
        return calloc_rare(STACKS_ENTRY(), count, each);
    uint32_t stack = capture_inline(STACKS_ENTRY());
    size_t bytes;
    void *block = allocators_calloc(count, each, &bytes);
    return allocators_finish_first(block, bytes, stack);
}

/* A block that the ledger does not have: of the pool, or from before recording, or not ours; or
 * the thread's first call, or a huge block. */
ALLOCATORS_RARE void free_unknown(void *block)
{
    if (!guard_pool_has(block)) {
        record_freed(&thread_self, block);
        real.free(block);
    }
    guard_leave_first();
}

ALLOCATORS_RARE void free_rare(void *block)
{
    if (guard_pool_has(block))
        return;
    if (allocators_record()) {
        struct guard guard = guard_enter();
        record_freed(guard.self, block);
        real.free(block);
        guard_leave(guard);
    } else if (!allocators_use_pool()) {
        real.free(block);
    }
}

REAL_EXPORT void free(void *block)
{
    if (block == NULL)
        return;
    if (!guard_enter_first()) {
        free_rare(block);
    } else if (__builtin_expect(!record_freed_at_once(&thread_self, block), 0)) {
        free_unknown(block);
    } else {
        real.free(block);
        guard_leave_first();
    }
}

/* The way of realloc for blocks of the pool, and while there is nothing else. */
static void *allocators_pool_realloc(void *old, size_t bytes)
{
    size_t old_bytes = old != NULL && guard_pool_has(old) ? guard_pool_size(old) : 0;
    void *block = allocators_use_pool() ? guard_pool_take(bytes, 16) : malloc(bytes);
    if (block != NULL && old != NULL)
        memcpy(block, old, old_bytes < bytes ? old_bytes : bytes);
    return block;
}

static void *allocators_realloc(struct stacks_entry entry, void *old, size_t bytes)
{
    struct guard guard = guard_enter();
    uint32_t stack = allocators_capture(guard, entry);
    uint64_t word = old != NULL ? record_freed(guard.self, old) : 0;
    void *block = real.realloc(old, bytes != 0 ? allocators_request(bytes) : 0);
    if (block != NULL)
        record_moved(guard.self, block, bytes, stack, word);
    else if (bytes != 0)
        record_kept(guard.self, old, word);
    allocators_leave(guard);
    return block;
}

REAL_EXPORT void *realloc(void *old, size_t bytes)
{
    /* Lua and others have no other way to ask for a block. */
    if (old == NULL && guard_enter_first()) {
        uint32_t stack = capture_inline(STACKS_ENTRY());
        return allocators_finish_first(real.realloc(NULL, allocators_request(bytes)), bytes, stack);
    }
    bool recording = allocators_record();
    if (__builtin_expect(allocators_use_pool() || (old != NULL && guard_pool_has(old)), 0))
        return allocators_pool_realloc(old, bytes);
    return recording ? allocators_realloc(STACKS_ENTRY(), old, bytes) : real.realloc(old, bytes);
}

REAL_EXPORT void *reallocarray(void *old, size_t count, size_t each)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, each, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    bool recording = allocators_record();
    if (__builtin_expect(allocators_use_pool() || (old != NULL && guard_pool_has(old)), 0))
        return allocators_pool_realloc(old, bytes);
    return recording ? allocators_realloc(STACKS_ENTRY(), old, bytes) : real.realloc(old, bytes);
}

REAL_EXPORT int posix_memalign(void **result, size_t alignment, size_t bytes)
{
    if (!allocators_record()) {
        if (!allocators_use_pool())
            return real.posix_memalign(result, alignment, bytes);
        *result = guard_pool_take(bytes, alignment);
        return *result != NULL ? 0 : ENOMEM;
    }
    struct guard guard = guard_enter();
    uint32_t stack = allocators_capture(guard, STACKS_ENTRY());
    int status = real.posix_memalign(result, alignment, allocators_request(bytes));
    if (status == 0)
        record_allocated(guard.self, *result, bytes, stack);
    allocators_leave(guard);
    return status;
}

/* aligned_alloc, memalign, valloc and pvalloc: the same but for what is called. */
#define ALLOCATORS_ALIGNED(call, pool_alignment, recorded_bytes)                                   \
    do {                                                                                           \
        if (!allocators_record())                                                                  \
            return allocators_use_pool() ? guard_pool_take(bytes, pool_alignment) : (call);        \
        struct guard guard = guard_enter();                                                        \
        uint32_t stack = allocators_capture(guard, STACKS_ENTRY());                                \
        void *block = (call);                                                                      \
        record_allocated(guard.self, block, recorded_bytes, stack);                                \
        allocators_leave(guard);                                                                   \
        return block;                                                                              \
    } while (0)

REAL_EXPORT void *aligned_alloc(size_t alignment, size_t bytes)
{
    ALLOCATORS_ALIGNED(real.aligned_alloc(alignment, allocators_request(bytes)), alignment, bytes);
}

REAL_EXPORT void *memalign(size_t alignment, size_t bytes)
{
    ALLOCATORS_ALIGNED(real.memalign(alignment, allocators_request(bytes)), alignment, bytes);
}

REAL_EXPORT void *valloc(size_t bytes)
{
    ALLOCATORS_ALIGNED(real.valloc(bytes), PAGES_BYTES, bytes);
}

REAL_EXPORT void *pvalloc(size_t bytes)
{
    ALLOCATORS_ALIGNED(real.pvalloc(bytes), PAGES_BYTES,
                       (bytes + PAGES_BYTES - 1) & ~(size_t)(PAGES_BYTES - 1));
}

REAL_EXPORT size_t malloc_usable_size(void *block)
{
    if (block == NULL)
        return 0;
    if (guard_pool_has(block))
        return guard_pool_size(block);
    bool recording = allocators_record();
    size_t bytes = real.malloc_usable_size(block);
    if (recording) {
        struct guard guard = guard_enter();
        record_widened(guard.self, block, bytes);
        guard_leave(guard);
    }
    return bytes;
}

/* C23's; glibc has none yet, but an allocator below may. Without one they are free(). */
REAL_EXPORT void free_sized(void *block, size_t bytes);
REAL_EXPORT void free_aligned_sized(void *block, size_t alignment, size_t bytes);

REAL_EXPORT void free_sized(void *block, size_t bytes)
{
    (void)bytes;
    free(block);
}

REAL_EXPORT void free_aligned_sized(void *block, size_t alignment, size_t bytes)
{
    (void)alignment;
    (void)bytes;
    free(block);
}
