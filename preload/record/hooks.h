/*
 * What interpose/ asks of the rest of the library, through pointers that lifecycle.c sets: the
 * wrappers know record/ and stacks/, and nothing of collections.
 *
 * Each is called in the program's thread that made the wrapped call.
 */
#ifndef SEEP_RECORD_HOOKS_H
#define SEEP_RECORD_HOOKS_H

#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

/* Where the live stack of the thread that ends the program begins: at the frame of an exit
 * function's caller, of what called main, or in a frame that a signal interrupted. */
struct hooks_frame {
    uintptr_t stack_pointer;
    uintptr_t registers[17];   /* callee-saved ones, numbered as in DWARF */
    bool is_dead;              /* main returned: no register and no local below counts */
    const ucontext_t *context; /* of the signal, or NULL */
};

/* What a collection found. */
struct hooks_found {
    uint64_t lost_bytes;
    uint64_t lost_blocks;
    uint64_t indirect_bytes;
    uint64_t indirect_blocks;
    uint64_t possible_bytes;
    uint64_t possible_blocks;
};

enum hooks_child { HOOKS_CHILD_EXEC, HOOKS_CHILD_EXEC_FAILED, HOOKS_CHILD_SPAWN };

struct hooks {
    /* A stop was requested while this thread was inside the shim; it leaves the shim now. */
    void (*park)(void);
    /* This thread is about to enter a call that may block. */
    void (*idle)(void);
    /* This thread has made some allocations since it was last asked. */
    void (*tick)(void);
    /* The program ends from this frame with this status; exit handlers will still run. */
    void (*ending)(struct hooks_frame frame, int status);
    /* The program ends now: last collection, then the status to end with. */
    int (*ended)(int status);
    /* A signal is about to end the program; called in its handler. */
    void (*killed)(int signal_number, const ucontext_t *context);
    /* This process was just forked. */
    void (*forked)(void);
    /* Another program is executed here, or was started as process `pid`. */
    void (*child)(enum hooks_child how, int pid, const char *path);
    /* The program asks for a collection and what it found. Returns 0 or a negative errno. */
    int (*collect)(struct hooks_found *found);
    /* A seccomp filter is about to be installed. */
    void (*filtered)(void);
};

/* The frames that lead from the start of the program to main. They are libc's and hold nothing of
 * the program's, but in their gaps what the loader left there. 0 before. Set once, in the main
 * thread. */
struct hooks_outer {
    uintptr_t main_caller;
    uintptr_t first; /* where they begin: above are arguments and environment */
};

extern struct hooks_outer hooks_outer __attribute__((visibility("hidden")));

extern struct hooks hooks __attribute__((visibility("hidden"))); /* set once, before main */

#endif
