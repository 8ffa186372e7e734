/*
 * Roots of threads: registers, stacks from the stack pointer up, thread-local storage, and what is
 * left of threads that have ended.
 *
 * Called by roots_collect. Where a thread's stack lies is only known from glibc's own structure at
 * the thread pointer; it is read with a fault handler and believed only when it proves itself.
 * Without that proof nothing is trimmed: a stale word may then hide a leak, but no live block is
 * called lost.
 */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "../base/sys.h"
#include "../record/thread.h"
#include "../stacks/modules.h"
#include "fault.h"
#include "plan.h"
#include "vectors.h"

enum {
    THREAD_ROOTS_SEEN_MAX = 1 << 16,
    THREAD_ROOTS_HEADER_BYTES = 2304, /* struct pthread; what is behind belongs to no variable */
    THREAD_ROOTS_ABOVE_MAX = 8192,    /* between the thread pointer and the end of its stack */
    THREAD_ROOTS_ALIGNMENT = 64,      /* of the structure */
    THREAD_ROOTS_TID_OFFSET =
        720, /* in struct pthread; used only where a live thread confirms it */
    THREAD_ROOTS_STATIC_SURPLUS = 4096 /* static TLS that libraries loaded later may use */
};

struct thread_roots_stack {
    uintptr_t start; /* of the block, its guard included */
    uintptr_t guard_end;
    uintptr_t end;
};

/* Looks in the structure at the thread pointer for the three words block, size, guard. */
static bool thread_roots_find_stack(uintptr_t pointer, struct thread_roots_stack *stack)
{
    uint64_t words[THREAD_ROOTS_HEADER_BYTES / 8];
    if (pointer == 0 || pointer % 16 != 0 || !fault_copy(words, pointer, sizeof words))
        return false;
    for (size_t i = 2; i + 2 < sizeof words / sizeof *words; i++) {
        uint64_t start = words[i];
        uint64_t size = words[i + 1];
        uint64_t guard = words[i + 2];
        if (start == 0 || start % PAGES_BYTES != 0 || start >= pointer || guard >= size ||
            guard % PAGES_BYTES != 0 || start + guard >= pointer || size > pointer)
            continue;
        uintptr_t end = start + size;
        if (end > pointer && end - pointer <= THREAD_ROOTS_ABOVE_MAX) {
            *stack = (struct thread_roots_stack){start, start + guard, end};
            return true;
        }
    }
    return false;
}

static void thread_roots_add_registers(struct plan *plan, const struct world_thread *thread,
                                       int number)
{
    uintptr_t first = (uintptr_t)thread->registers;
    roots_add(plan->roots, (struct roots_range){first, first + sizeof thread->registers,
                                                ROOTS_REGISTER, number});
    if (thread->context != NULL && thread->context->uc_mcontext.fpregs != NULL)
        vectors_add(plan->roots, (uintptr_t)thread->context->uc_mcontext.fpregs, number);
}

/* Static TLS lies below the thread pointer; this bound may be too high by a little. */
static uintptr_t thread_roots_static_tls(void)
{
    uintptr_t bytes = THREAD_ROOTS_STATIC_SURPLUS;
    for (uint32_t i = 0; i < modules_count(); i++) {
        const struct modules_module *module = modules_get(i);
        if (module != NULL && !module->unloaded)
            bytes += (module->tls_bytes + 127) & ~(uintptr_t)63;
    }
    return bytes;
}

static const struct memory_mapping *thread_roots_main_stack(const struct memory_map *map)
{
    for (size_t i = map->count; i-- > 0;)
        if (map->mappings[i].class == MEMORY_STACK)
            return &map->mappings[i];
    return NULL;
}

/* The main thread's stack is a mapping of its own; what is below its stack pointer is dead. */
static void thread_roots_add_main_stack(struct plan *plan, const struct world_thread *thread,
                                        int number)
{
    const struct memory_mapping *stack = thread_roots_main_stack(plan->request->map);
    if (stack == NULL)
        return;
    plan_kind(plan, (struct roots_range){stack->start, stack->end, ROOTS_STACK, number});
    if (thread->state != WORLD_MISSED && thread->stack_pointer >= stack->start &&
        thread->stack_pointer < stack->end)
        plan_skip(plan, stack->start, thread->stack_pointer);
}

/* The frames that lead to main: a stale word in one of their gaps is likely to be an address where
 * the loader had something mapped, and where a large block lies now. */
static void thread_roots_skip_outer(struct plan *plan)
{
    const struct hooks_outer *outer = &plan->request->world->outer;
    const struct memory_mapping *stack = thread_roots_main_stack(plan->request->map);
    if (stack != NULL && outer->main_caller >= stack->start && outer->first < stack->end &&
        outer->main_caller < outer->first)
        plan_skip(plan, outer->main_caller, outer->first);
}

/* The main thread left by pthread_exit: what lies above its first frame (arguments, environment)
 * is still the program's, its frames are dead. */
static void thread_roots_skip_ended_main(struct plan *plan)
{
    const struct world *world = plan->request->world;
    for (size_t i = 0; i < world->thread_count; i++)
        if (world->threads[i].tid == world->program_pid)
            return;
    const struct memory_mapping *stack = thread_roots_main_stack(plan->request->map);
    if (stack != NULL && world->outer.main_caller >= stack->start &&
        world->outer.main_caller < stack->end)
        plan_skip(plan, stack->start, world->outer.main_caller);
}

static void thread_roots_add_one(struct plan *plan, int number, uintptr_t static_tls)
{
    const struct world_thread *thread = &plan->request->world->threads[number];
    const struct blocks *blocks = plan->request->blocks;
    uintptr_t pointer = thread->thread_pointer;
    if (thread->state != WORLD_MISSED && !thread->frames_are_dead)
        thread_roots_add_registers(plan, thread, number);
    /* A stack, a signal stack or a control block may lie in a block of the heap. */
    roots_add_inside(plan->roots, blocks, thread->stack_pointer, number);
    roots_add_inside(plan->roots, blocks, thread->signal_stack, number);
    roots_add_inside(plan->roots, blocks, pointer, number);
    if (thread->tid == plan->request->world->program_pid)
        thread_roots_add_main_stack(plan, thread, number);
    struct thread_roots_stack stack;
    if (pointer == 0)
        return;
    if (!thread_roots_find_stack(pointer, &stack)) {
        plan_kind(plan,
                  (struct roots_range){pointer - static_tls, pointer + THREAD_ROOTS_HEADER_BYTES,
                                       ROOTS_TLS, number});
        return;
    }
    uintptr_t tls = pointer - static_tls > stack.guard_end ? pointer - static_tls : stack.guard_end;
    plan_kind(plan, (struct roots_range){stack.start, tls, ROOTS_STACK, number});
    plan_kind(plan, (struct roots_range){tls, stack.end, ROOTS_TLS, number});
    if (thread->state != WORLD_MISSED && thread->stack_pointer >= stack.guard_end &&
        thread->stack_pointer < pointer)
        plan_skip(plan, stack.start, thread->stack_pointer);
}

static bool thread_roots_is_live(const struct world *world, uintptr_t pointer)
{
    for (size_t i = 0; i < world->thread_count; i++)
        /* The pointer of a thread that was missed may be unknown: it could be any. */
        if (world->threads[i].thread_pointer == pointer || world->threads[i].thread_pointer == 0)
            return true;
    return false;
}

static bool thread_roots_tid_is(uintptr_t pointer, int tid)
{
    uint64_t word;
    return fault_read(pointer + THREAD_ROOTS_TID_OFFSET, &word) && (int)(uint32_t)word == tid;
}

/* Whether a thread's structure has its tid where we think: some live one must show it. */
static bool thread_roots_tids_are_known(const struct world *world)
{
    for (size_t i = 0; i < world->thread_count; i++)
        if (world->threads[i].thread_pointer != 0)
            return thread_roots_tid_is(world->threads[i].thread_pointer, world->threads[i].tid);
    return false;
}

/* glibc keeps the stacks of ended threads for the next ones. Nothing on them is alive, thread-local
 * variables neither; only the structure is, for pthread_join, until that has been called: then
 * glibc writes -1 for the tid. */
static void thread_roots_skip_ended(struct plan *plan, uintptr_t pointer, bool tids_are_known)
{
    uint64_t head[3];
    struct thread_roots_stack stack;
    if (!fault_copy(head, pointer, sizeof head) || head[0] != pointer || head[2] != pointer ||
        !thread_roots_find_stack(pointer, &stack))
        return;
    bool joined = tids_are_known && thread_roots_tid_is(pointer, -1);
    plan_skip(plan, stack.start, pointer);
    if (joined) /* the head stays: glibc will use the thread vector that it points to again */
        plan_skip(plan, pointer + sizeof head, stack.end);
    plan_kind(plan, (struct roots_range){pointer, stack.end, ROOTS_TLS, ROOTS_NO_THREAD});
}

/* What is needed to look for ended threads that are not among those seen. */
struct thread_roots_search {
    struct plan *plan;
    const uintptr_t *seen;
    size_t seen_count;
    bool tids_are_known;
};

static bool thread_roots_is_known(const struct thread_roots_search *search, uintptr_t pointer)
{
    for (size_t i = 0; i < search->seen_count; i++)
        if (search->seen[i] == pointer)
            return true;
    return thread_roots_is_live(search->plan->request->world, pointer);
}

/* Looks for the structure of the stack that is mapped from `bottom` and may end at `end`. */
static bool thread_roots_search_below(const struct thread_roots_search *search, uintptr_t bottom,
                                      uintptr_t end)
{
    if (end <= bottom || end - bottom < THREAD_ROOTS_ABOVE_MAX)
        return false;
    for (uintptr_t at = end - THREAD_ROOTS_ABOVE_MAX; at < end; at += THREAD_ROOTS_ALIGNMENT) {
        struct thread_roots_stack stack;
        uint64_t itself;
        if (!fault_read(at, &itself) || itself != at || !thread_roots_find_stack(at, &stack) ||
            stack.guard_end != bottom)
            continue;
        if (!thread_roots_is_known(search, at))
            thread_roots_skip_ended(search->plan, at, search->tids_are_known);
        return true;
    }
    return false;
}

/* A thread that never called one of our wrappers was not seen. Once it has ended, its stack gives
 * itself away: glibc maps it behind a guard page, with the structure at its end. That is the end of
 * the mapping, or, where the kernel merged it with what lies above, of a stack of the usual size.
 */
static void thread_roots_skip_unseen(const struct thread_roots_search *search)
{
    const struct memory_map *map = search->plan->request->map;
    struct rlimit usual = {0};
    sys_call(SYS_prlimit64, 0, RLIMIT_STACK, NULL, &usual);
    for (size_t i = 1; i < map->count; i++) {
        const struct memory_mapping *guard = &map->mappings[i - 1];
        const struct memory_mapping *stack = &map->mappings[i];
        if (stack->class != MEMORY_ANONYMOUS || !stack->writable || guard->end != stack->start ||
            guard->class != MEMORY_ANONYMOUS || guard->readable)
            continue;
        if (thread_roots_search_below(search, stack->start, stack->end) ||
            usual.rlim_cur >= stack->end - stack->start)
            continue;
        if (!thread_roots_search_below(search, stack->start, guard->start + usual.rlim_cur))
            thread_roots_search_below(search, stack->start, stack->start + usual.rlim_cur);
    }
}

void plan_add_threads(struct plan *plan)
{
    const struct world *world = plan->request->world;
    uintptr_t static_tls = thread_roots_static_tls();
    for (size_t i = 0; i < world->thread_count; i++)
        thread_roots_add_one(plan, (int)i, static_tls);
    thread_roots_skip_outer(plan);
    thread_roots_skip_ended_main(plan);
    uintptr_t *seen = pages_map(THREAD_ROOTS_SEEN_MAX * sizeof *seen);
    if (seen == NULL)
        return;
    bool tids_are_known = thread_roots_tids_are_known(world);
    size_t count = thread_pointers_seen(seen, THREAD_ROOTS_SEEN_MAX);
    for (size_t i = 0; i < count; i++) {
        struct pages_range own = thread_own_memory(seen[i]);
        if (thread_roots_is_live(world, seen[i]))
            plan_skip(plan, own.start, own.end);
        else
            thread_roots_skip_ended(plan, seen[i], tids_are_known);
    }
    thread_roots_skip_unseen(&(struct thread_roots_search){plan, seen, count, tids_are_known});
    pages_unmap(seen, THREAD_ROOTS_SEEN_MAX * sizeof *seen);
}
