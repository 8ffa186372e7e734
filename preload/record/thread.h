/*
 * What the library knows of each thread: whether it is inside the shim, whether a stop waits for
 * it, and where its stack is while it sleeps.
 *
 * The thread-local part is one small structure, initial-exec, so that reaching it allocates
 * nothing. What others look at lives in pages of our own and outlives its thread: malloc runs after
 * the destructors of thread-specific data, so nothing tells us of a thread's end; the slot of a tid
 * that is gone is taken over by a later thread.
 */
#ifndef SEEP_RECORD_THREAD_H
#define SEEP_RECORD_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/pages.h"

enum {
    THREAD_TICK = 64,      /* allocations of a thread between two looks at the trigger */
    THREAD_REGISTERS = 17, /* numbered as in DWARF on x86-64 */
    THREAD_IN_REGION = 1   /* in `inside`: the thread is in a safe region */
};

/* Of one thread, in pages of our own; found by its tid. */
struct thread_place {
    int tid;         /* owner; 0 when never used */
    uint32_t region; /* 1: in a safe region, `registers` and `thread_pointer` are valid; atomic */
    uintptr_t thread_pointer;
    uintptr_t signal_stack; /* as sigaltstack was told, which only the kernel knows else */
    size_t signal_stack_bytes;
    uintptr_t registers[THREAD_REGISTERS]; /* callee-saved ones and the stack pointer only */
} __attribute__((aligned(64)));

struct thread_state {
    uintptr_t inside; /* frame of the outermost shim call, with THREAD_IN_REGION if that is all it
                         is; 0: outside. Written by the thread itself. The frame tells that the
                         call was left by longjmp. */
    uint32_t stop_pending;    /* number of the stop that found us inside: to be parked on leaving */
    uint32_t countdown;       /* allocations until the trigger is looked at; 0 also for a stop */
    uint64_t allocated_bytes; /* as far as `ticked_bytes` the trigger knows of them */
    uint64_t ticked_bytes;
    struct thread_place *place; /* NULL until the thread first enters the shim */
    uint32_t pretends; /* what the program believes of our signal; 0: it has said nothing */
    uint32_t asked;    /* requests of `seep collect` that interrupted this thread; see blocking.c */
    uint32_t paused;   /* recording is off for this thread */
    uintptr_t inside_at_vfork; /* `inside` before the vfork that this thread is in */
} __attribute__((aligned(64)));

extern __thread struct thread_state thread_self
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* Not 0 while the world is stopped, or about to be: the number of the stop. Atomic; a futex word.
 */
extern uint32_t thread_gate __attribute__((visibility("hidden")));

bool thread_start(void);

/* Waits while the gate is shut; errno untouched. */
void thread_gate_wait(void);

/* The place of the thread `tid`, or NULL. `*hint` speeds up a walk over many tids. */
struct thread_place *thread_place_by_tid(int tid, uint32_t *hint);

/* The calling function's callee-saved registers, stack pointer and place in the code. */
static inline __attribute__((always_inline)) void thread_registers_save(uintptr_t *registers)
{
    __asm__ volatile("mov %%rbx, 24(%0)\n\tmov %%rbp, 48(%0)\n\tmov %%rsp, 56(%0)\n\t"
                     "mov %%r12, 96(%0)\n\tmov %%r13, 104(%0)\n\tmov %%r14, 112(%0)\n\t"
                     "mov %%r15, 120(%0)\n\tlea 0(%%rip), %%rax\n\tmov %%rax, 128(%0)"
                     :
                     : "r"(registers)
                     : "rax", "memory");
}

/* True where a stop must not park the thread: it is inside the shim, and not asleep there. */
static inline bool thread_is_busy(const struct thread_state *self)
{
    return self->inside != 0 && (self->inside & THREAD_IN_REGION) == 0;
}

/* A handler of the program runs inside a safe region and does something, or jumps out of it: the
 * region is over. False when the thread was in none. */
bool thread_region_end(struct thread_state *self);
/* Says that the thread is in a region; waits first while the gate is shut. */
void thread_region_begin(struct thread_state *self);

/* Counts an allocation; true when the thread has to look what it is to do besides. One instruction:
 * a handler that sets the countdown meanwhile is not overwritten. */
static inline __attribute__((always_inline)) bool thread_counts_down(void)
{
    bool is_below;
    __asm__ volatile("subl $1, %0" : "+m"(thread_self.countdown), "=@ccc"(is_below));
    return is_below;
}

/* Recording off and on for the calling thread; nests. */
void thread_pause(void);
void thread_resume(void);

/* Finds or makes the calling thread's place; out of line, once a thread. Never NULL: without
 * memory all threads share one. */
struct thread_place *thread_place_slow(void);

static inline struct thread_place *thread_place_of(struct thread_state *self)
{
    struct thread_place *place = self->place;
    return __builtin_expect(place != NULL, 1) ? place : thread_place_slow();
}

/* The memory of the library's thread-local variables in the thread with this thread pointer. */
struct pages_range thread_own_memory(uintptr_t thread_pointer);

/* The thread pointers of threads that ever entered the shim, ended ones among them; up to `max`,
 * in no order. Returns how many were written to `out`. */
size_t thread_pointers_seen(uintptr_t *out, size_t max);

/* In a forked child: only the calling thread exists. */
void thread_after_fork(void);

#endif
