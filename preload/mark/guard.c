/*
 * The fault handler behind guard_read; see guard.h. Raw sigaction calls only: the library's own
 * wrappers, and the program's, must not see this.
 */
#include "guard.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>

#include "../base/sys.h"
#include "mark.h"

/* As the kernel has it. */
struct guard_action {
    void (*handler)(int, siginfo_t *, void *);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};

enum { GUARD_SA_RESTORER = 0x04000000 };

/* Set by guard_begin, one mark at a time; read by the handler in the same thread. */
static struct guard_action guard_former[2];
static uint64_t guard_former_mask;
static bool guard_in_snapshot;

extern const struct guard_entry guard_table_start[] __asm__("__start_seep_guard")
    __attribute__((visibility("hidden")));
extern const struct guard_entry guard_table_end[] __asm__("__stop_seep_guard")
    __attribute__((visibility("hidden")));

/* The kernel returns from a handler through this; libc's own is hidden. */
void guard_restorer(void) __attribute__((visibility("hidden")));
__asm__(".pushsection .text\n"
        ".hidden guard_restorer\n"
        ".globl guard_restorer\n"
        ".type guard_restorer, @function\n"
        "guard_restorer:\n"
        "   movl $15, %eax\n" /* rt_sigreturn */
        "   syscall\n"
        ".size guard_restorer, . - guard_restorer\n"
        ".popsection\n");

static const int guard_signals[2] = {SIGSEGV, SIGBUS};

static void guard_handle(int number, siginfo_t *info, void *context) {
    (void)number;
    (void)info;
    greg_t *pc = &((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
    for (const struct guard_entry *entry = guard_table_start; entry < guard_table_end; entry++)
        if ((uintptr_t)*pc == (uintptr_t)&entry->fault + (uintptr_t)(intptr_t)entry->fault) {
            *pc = (greg_t)((uintptr_t)&entry->go_on + (uintptr_t)(intptr_t)entry->go_on);
            return;
        }
    if (guard_in_snapshot)
        sys_call(SYS_exit_group, MARK_FAULT_STATUS);
    guard_end(); /* the instruction faults again, for the program's handler */
}

int guard_begin(bool in_snapshot) {
    guard_in_snapshot = in_snapshot;
    /* Not on the alternate stack: that is the program's memory, and to be marked. */
    struct guard_action action = {.handler = guard_handle,
                                  .flags = SA_SIGINFO | SA_NODEFER | GUARD_SA_RESTORER,
                                  .restorer = guard_restorer};
    for (unsigned i = 0; i < 2; i++) {
        long error = sys_call(SYS_rt_sigaction, guard_signals[i], &action, &guard_former[i], 8);
        if (error != 0)
            return (int)error;
    }
    /* A blocked fault would kill: the snapshot runs with all signals blocked. */
    uint64_t faults = 1ull << (SIGSEGV - 1) | 1ull << (SIGBUS - 1);
    return (int)sys_call(SYS_rt_sigprocmask, SIG_UNBLOCK, &faults, &guard_former_mask, 8);
}

void guard_end(void) {
    for (unsigned i = 0; i < 2; i++)
        sys_call(SYS_rt_sigaction, guard_signals[i], &guard_former[i], NULL, 8);
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &guard_former_mask, NULL, 8);
}

bool guard_copy(void *to, uintptr_t from, size_t bytes) {
    for (size_t at = 0; at + 8 <= bytes; at += 8) {
        uint64_t word;
        if (!guard_read(from + at, &word))
            return false;
        memcpy((char *)to + at, &word, sizeof word);
    }
    return true;
}
