/*
 * The allocator's functions, as the program calls them.
 *
 * Runs in program threads, on every allocation, also in signal handlers and before main. Each
 * wrapper: enter, capture the call path, call the next function, record, leave. The call path is
 * captured before the window between the allocator and the ledger. A block is taken out of the
 * ledger before it is given back. Nothing here allocates, locks or looks at errno.
 *
 * Compiled with frame pointers, which STACKS_FRAME needs.
 */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "../base/scrub.h"
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

static __attribute__((noinline, cold)) void allocators_tick(uintptr_t outer)
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
static inline uint32_t allocators_capture(struct guard guard, const uintptr_t *frame)
{
    if (__builtin_expect(guard.is_nested, 0))
        return stacks_capture_nested(stacks_entry_at(frame));
    return capture_is_ready() ? capture_inline(frame) : capture_slow(frame);
}

static inline size_t allocators_request(size_t bytes)
{
    return __builtin_expect(bytes < real.least_bytes, 0) ? real.least_bytes : bytes;
}

/* The wrappers that are called most have two bodies: the first is for the common case, and makes no
 * call but to the capture and to the next function; all else is left to the second, out of line. */
#define ALLOCATORS_RARE static __attribute__((noinline, cold))

/* Calls what reads the wrapper's frame: a jump in place of the call would take the frame away. */
#define ALLOCATORS_WITH_FRAME(call)                                                                \
    ({                                                                                             \
        void *with_frame = (call);                                                                 \
        __asm__ volatile("" : "+r"(with_frame));                                                   \
        with_frame;                                                                                \
    })

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

/* True where a block of so many bytes may go the short way, which has begun then. */
static inline __attribute__((always_inline)) bool allocators_begin_first(size_t bytes)
{
    return __builtin_expect(bytes <= RECORD_SHORT_BYTES, 1) && capture_is_ready() &&
           guard_enter_first();
}

ALLOCATORS_RARE void *allocators_finish_word(void *block, uint64_t word)
{
    return allocators_finish((struct guard){&thread_self, 0, false}, block, ledger_word_size(word),
                             ledger_word_stack(word));
}

/* Records what allocators_begin_first began, and leaves. */
static inline __attribute__((always_inline)) void *allocators_finish_first(void *block,
                                                                           uint64_t word)
{
    if (__builtin_expect(!record_allocated_at_once(&thread_self, block, word), 0))
        return allocators_finish_word(block, word);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    thread_self.inside = 0;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (__builtin_expect(thread_counts_down(), 0))
        return allocators_leave_slow(block);
    return block;
}

/* The short way leaves the address of no block on the stack. This one does, and so does what it
 * calls: a later frame of the program with a gap in that place would hold the block. Hence
 * scrub_stack. */
ALLOCATORS_RARE void *malloc_rare(const uintptr_t *frame, size_t bytes)
{
    if (!allocators_record())
        return allocators_use_pool() ? guard_pool_take(bytes, 16) : real.malloc(bytes);
    struct guard guard = guard_enter();
    uint32_t stack = allocators_capture(guard, frame);
    return allocators_finish(guard, real.malloc(bytes), bytes, stack);
}

REAL_EXPORT void *malloc(size_t bytes)
{
    if (!allocators_begin_first(bytes))
        return scrub_stack(malloc_rare(STACKS_FRAME(), bytes));
    uint64_t word = record_word(bytes);
    word = record_word_from(word, capture_inline(STACKS_FRAME()));
    return allocators_finish_first(real.malloc(record_word_bytes(word)), word);
}

static void *allocators_pool_calloc(size_t count, size_t each)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, each, &bytes))
        return NULL;
    void *block = guard_pool_take(bytes, 16);
    return block != NULL ? memset(block, 0, bytes) : NULL;
}

/* The product, SIZE_MAX where it does not fit: nothing is allocated then. */
static inline size_t allocators_product(size_t count, size_t each)
{
    size_t bytes;
    return __builtin_mul_overflow(count, each, &bytes) ? SIZE_MAX : bytes;
}

ALLOCATORS_RARE void *calloc_rare(const uintptr_t *frame, size_t count, size_t each)
{
    if (!allocators_record())
        return allocators_use_pool() ? allocators_pool_calloc(count, each)
                                     : real.calloc(count, each);
    struct guard guard = guard_enter();
    uint32_t stack = allocators_capture(guard, frame);
    return allocators_finish(guard, real.calloc(count, each), allocators_product(count, each),
                             stack);
}

REAL_EXPORT void *calloc(size_t count, size_t each)
{
    size_t bytes = allocators_product(count, each);
    if (!allocators_begin_first(bytes))
        return scrub_stack(calloc_rare(STACKS_FRAME(), count, each));
    uint64_t word = record_word_from(record_word(bytes), capture_inline(STACKS_FRAME()));
    return allocators_finish_first(real.calloc(1, record_word_bytes(word)), word);
}

/* A block that the ledger does not have: of the pool, or from before recording, or not ours; or
 * an address beyond all tables. */
ALLOCATORS_RARE void free_unknown(void *block)
{
    if (!guard_pool_has(block))
        real.free(block);
    guard_leave_first();
}

ALLOCATORS_RARE void free_rare(void *block)
{
    if (guard_pool_has(block))
        return;
    if (allocators_record()) {
        struct guard guard = guard_enter();
        record_freed(block);
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
    if (!guard_is_recording() || !guard_enter_first()) {
        free_rare(block);
    } else if (__builtin_expect(!record_freed_at_once(block), 0)) {
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

static void *allocators_realloc(const uintptr_t *frame, void *old, size_t bytes)
{
    struct guard guard = guard_enter();
    uint32_t stack = allocators_capture(guard, frame);
    uint64_t word = old != NULL ? record_freed(old) : 0;
    void *block = real.realloc(old, bytes != 0 ? allocators_request(bytes) : 0);
    if (block != NULL)
        record_moved(guard.self, block, bytes, stack, word);
    else if (bytes != 0)
        record_kept(old, word);
    allocators_leave(guard);
    return block;
}

REAL_EXPORT void *realloc(void *old, size_t bytes)
{
    /* Lua and others have no other way to ask for a block. */
    if (old == NULL && allocators_begin_first(bytes)) {
        uint64_t word = record_word_from(record_word(bytes), capture_inline(STACKS_FRAME()));
        size_t request = allocators_request(record_word_bytes(word));
        return allocators_finish_first(real.realloc(NULL, request), word);
    }
    bool recording = allocators_record();
    if (__builtin_expect(allocators_use_pool() || (old != NULL && guard_pool_has(old)), 0))
        return allocators_pool_realloc(old, bytes);
    return recording ? ALLOCATORS_WITH_FRAME(allocators_realloc(STACKS_FRAME(), old, bytes))
                     : real.realloc(old, bytes);
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
    return recording ? ALLOCATORS_WITH_FRAME(allocators_realloc(STACKS_FRAME(), old, bytes))
                     : real.realloc(old, bytes);
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
    uint32_t stack = allocators_capture(guard, STACKS_FRAME());
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
        uint32_t stack = allocators_capture(guard, STACKS_FRAME());                                \
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
        record_widened(block, bytes);
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
