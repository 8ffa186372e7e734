/*
 * The beginning of main and the ways out.
 *
 * Runs in program threads. Returning from main and exit() run the program's exit handlers first;
 * the last collection comes behind them, from the loader's own destructor (`rtld_fini`), which
 * __libc_start_main registers first and which therefore runs last. _exit and _Exit run nothing, so
 * the collection is made in the wrapper; for quick_exit from the handler that was registered first.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guard.h"

static real_main_function *program_main; /* set once by __libc_start_main */
static void (*loader_fini)(void);        /* set once by __libc_start_main */
static int exits_status;                 /* the status to end with; written by the ending thread */

static void exits_note(struct hooks_frame frame, int status)
{
    exits_status = status;
    if (hooks.ending != NULL)
        hooks.ending(frame, status);
}

static int exits_collect(int status)
{
    return hooks.ended != NULL ? hooks.ended(status) : status;
}

static int exits_main(int argc, char **argv, char **environment)
{
    hooks_outer.main_caller = (uintptr_t)__builtin_frame_address(0);
    stacks_main_begins((uintptr_t)__builtin_frame_address(0));
    int status = program_main(argc, argv, environment);
    stacks_main_returned();
    exits_note((struct hooks_frame){.stack_pointer = (uintptr_t)__builtin_frame_address(0),
                                    .is_dead = true},
               status);
    return status;
}

/* Behind all exit handlers and destructors. Where the gate asks for another status, what stdio
 * still holds must be written first, for _exit does not do it. */
static void exits_loader_fini(void)
{
    if (loader_fini != NULL)
        loader_fini();
    int status = exits_collect(exits_status);
    if (status == exits_status)
        return;
    int (*flush)(void *) = (int (*)(void *))dlsym(RTLD_DEFAULT, "fflush");
    if (flush != NULL)
        flush(NULL);
    real._exit(status);
}

static void exits_quick(void)
{
    exits_status = exits_collect(exits_status);
}

int __libc_start_main(real_main_function *main_function, int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void *stack_end);

REAL_EXPORT int __libc_start_main(real_main_function *main_function, int argc, char **argv,
                                  void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
                                  void *stack_end)
{
    guard_start();
    program_main = main_function;
    loader_fini = rtld_fini;
    hooks_outer.first = (uintptr_t)stack_end;
    at_quick_exit(exits_quick);
    return real.__libc_start_main(exits_main, argc, argv, init, fini, exits_loader_fini, stack_end);
}

/*
 * The ways out that the program calls. What its caller still holds is in the callee-saved registers
 * and above the stack pointer, both as they are at entry: everything below is ours and the exit
 * handlers', and is dead. No C function can tell them exactly, hence the few instructions that
 * store them and go on in C: rdi the status, rsi the registers, rdx the caller's stack pointer.
 */
/* Exit handlers run above these frames: their unwind tables must be right. */
#define EXITS_PUSH(register) "push %%" #register "\n\t.cfi_adjust_cfa_offset 8\n\t"

#define EXITS_WAY_OUT(name)                                                                        \
    __attribute__((noreturn, used)) static void exits_##name(                                      \
        int status, const uintptr_t *registers, uintptr_t stack_pointer);                          \
    REAL_EXPORT __attribute__((naked, noreturn)) void name(__attribute__((unused)) int status)     \
    {                                                                                              \
        __asm__("lea 8(%%rsp), %%rdx\n\t" EXITS_PUSH(r15) EXITS_PUSH(r14) EXITS_PUSH(r13)          \
                    EXITS_PUSH(r12) EXITS_PUSH(rbp) ".cfi_rel_offset %%rbp, 0\n\t" EXITS_PUSH(     \
                        rbx) "mov %%rsp, %%rsi\n\t"                                                \
                             "mov %%rsp, %%rbp\n\t.cfi_def_cfa_register %%rbp\n\t"                 \
                             "and $-16, %%rsp\n\t"                                                 \
                             "call %P0\n\t"                                                        \
                             "hlt"                                                                 \
                :                                                                                  \
                : "i"(exits_##name));                                                              \
    }                                                                                              \
    static void exits_##name(int status, const uintptr_t *registers, uintptr_t stack_pointer)

/* `registers`: rbx, rbp, r12 … r15. */
static void exits_note_caller(int status, const uintptr_t *registers, uintptr_t stack_pointer)
{
    guard_start();
    struct hooks_frame frame = {.stack_pointer = stack_pointer};
    frame.registers[3] = registers[0];
    frame.registers[6] = registers[1];
    for (int i = 12; i <= 15; i++)
        frame.registers[i] = registers[i - 10];
    memcpy(&frame.registers[16], (const char *)stack_pointer - 8, sizeof frame.registers[16]);
    exits_note(frame, status);
}

EXITS_WAY_OUT(exit)
{
    exits_note_caller(status, registers, stack_pointer);
    real.exit(status);
    __builtin_unreachable();
}

EXITS_WAY_OUT(quick_exit)
{
    exits_note_caller(status, registers, stack_pointer);
    real.quick_exit(status);
    __builtin_unreachable();
}

EXITS_WAY_OUT(_exit)
{
    exits_note_caller(status, registers, stack_pointer);
    real._exit(exits_collect(status));
    __builtin_unreachable();
}

EXITS_WAY_OUT(_Exit)
{
    exits_note_caller(status, registers, stack_pointer);
    real._exit(exits_collect(status));
    __builtin_unreachable();
}
