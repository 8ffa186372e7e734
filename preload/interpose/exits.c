/*
 * The beginning of main and the ways out.
 *
 * Runs in program threads. Returning from main and exit() run the program's exit handlers first;
 * the last collection comes behind them, from the loader's own destructor (`rtld_fini`), which
 * __libc_start_main registers first and which therefore runs last. _exit and _Exit run nothing, so
 * the collection is made in the wrapper; for quick_exit from the handler that was registered first.
 */
#include <stdlib.h>
#include <unistd.h>

#include "guard.h"

static real_main_function *program_main; /* set once by __libc_start_main */
static void (*loader_fini)(void);        /* set once by __libc_start_main */
static int exits_status;                 /* the status to end with; written by the ending thread */

/* The stack pointer of the function that this is expanded in. */
#define EXITS_STACK_POINTER()                                                                      \
    ({                                                                                             \
        uintptr_t exits_pointer;                                                                   \
        __asm__ volatile("mov %%rsp, %0" : "=r"(exits_pointer));                                   \
        exits_pointer;                                                                             \
    })

static void exits_note(uintptr_t stack_pointer, bool is_dead, int status)
{
    exits_status = status;
    if (hooks.ending != NULL)
        hooks.ending((struct hooks_frame){stack_pointer, is_dead, NULL}, status);
}

static int exits_collect(int status)
{
    return hooks.ended != NULL ? hooks.ended(status) : status;
}

static int exits_main(int argc, char **argv, char **environment)
{
    int status = program_main(argc, argv, environment);
    exits_note((uintptr_t)__builtin_frame_address(0), true, status);
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
    at_quick_exit(exits_quick);
    return real.__libc_start_main(exits_main, argc, argv, init, fini, exits_loader_fini, stack_end);
}

/* The caller's callee-saved registers go to this frame, which stays: what they point at is still
 * the program's. Everything below it is ours and the exit handlers', and is dead. */
REAL_EXPORT __attribute__((noreturn)) void exit(int status)
{
    __builtin_unwind_init();
    guard_start();
    exits_note(EXITS_STACK_POINTER(), false, status);
    real.exit(status);
    __builtin_unreachable();
}

REAL_EXPORT __attribute__((noreturn)) void quick_exit(int status)
{
    __builtin_unwind_init();
    guard_start();
    exits_note(EXITS_STACK_POINTER(), false, status);
    real.quick_exit(status);
    __builtin_unreachable();
}

REAL_EXPORT __attribute__((noreturn)) void _exit(int status)
{
    __builtin_unwind_init();
    guard_start();
    exits_note(EXITS_STACK_POINTER(), false, status);
    real._exit(exits_collect(status));
    __builtin_unreachable();
}

REAL_EXPORT __attribute__((noreturn)) void _Exit(int status)
{
    __builtin_unwind_init();
    guard_start();
    exits_note(EXITS_STACK_POINTER(), false, status);
    real._exit(exits_collect(status));
    __builtin_unreachable();
}
