/*
 * The stopped world, as stopping leaves it for marking: data only.
 *
 * collect/ fills it in the program while the threads are stopped; mark/ and judge/ read it in the
 * snapshot (or in the program, when marking in place).
 */
#ifndef SEEP_RECORD_WORLD_H
#define SEEP_RECORD_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

#include "hooks.h"

enum world_thread_state {
    WORLD_SIGNALLED, /* parked in the stop signal's handler: `context` is valid */
    WORLD_PARKED,    /* parked by itself, at the shim's way out or in a safe region: `registers` */
    WORLD_COLLECTOR, /* the thread that collects: `registers` as it entered the shim */
    WORLD_MISSED     /* no answer: nothing is known but the tid; its whole stack is a root */
};

enum {
    WORLD_REGISTERS =
        17 /* numbered as in DWARF on x86-64: rax rdx rcx rbx rsi rdi rbp rsp r8 … rip */
};

struct world_thread {
    int tid;
    enum world_thread_state state;
    uintptr_t thread_pointer; /* %fs base: its TCB; 0 when not known */
    uintptr_t stack_pointer;  /* live stack begins here, the red zone already taken off */
    const ucontext_t *context;
    uintptr_t registers[WORLD_REGISTERS]; /* also filled from `context` */
    uintptr_t signal_stack;               /* start of its alternate signal stack, or 0 */
    size_t signal_stack_bytes;
    bool frames_are_dead; /* main returned: nothing below stack_pointer, no registers */
};

struct world {
    struct world_thread *threads;
    size_t thread_count;
    uint32_t collection; /* its number, 1 … */
    uint32_t missed;
    struct hooks_outer
        outer;         /* the stack of a main thread that has ended is dead below them, too */
    bool lacks_memory; /* the program keeps memory from its children, and this is one */
    bool in_snapshot;  /* reading is done in the copy, not in the program itself */
    int program_pid;
};

#endif
