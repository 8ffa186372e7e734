/*
 * The fault handler behind fault_read; see fault.h. Raw sigaction calls only: the library's own
 * wrappers, and the program's, must not see this.
 */
#include "fault.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>

#include "../base/sys.h"
#include "mark.h"

/* As the kernel has it. */
struct fault_action {
    void (*handler)(int, siginfo_t *, void *);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};

enum { FAULT_SA_RESTORER = 0x04000000 };

/* Set by fault_begin, one mark at a time; read by the handler in the same thread. */
static struct fault_action fault_former[2];
static uint64_t fault_former_mask;
static bool fault_in_snapshot;

extern const struct fault_entry fault_table_start[] __asm__("__start_seep_fault")
    __attribute__((visibility("hidden")));
extern const struct fault_entry fault_table_end[] __asm__("__stop_seep_fault")
    __attribute__((visibility("hidden")));

/* The kernel returns from a handler through this; libc's own is hidden. */
void fault_restorer(void) __attribute__((visibility("hidden")));
__asm__(".pushsection .text\n"
        ".hidden fault_restorer\n"
        ".globl fault_restorer\n"
        ".type fault_restorer, @function\n"
        "fault_restorer:\n"
        "   movl $15, %eax\n" /* rt_sigreturn */
        "   syscall\n"
        ".size fault_restorer, . - fault_restorer\n"
        ".popsection\n");

static const int fault_signals[2] = {SIGSEGV, SIGBUS};

static void fault_handle(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)info;
    greg_t *pc = &((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
    for (const struct fault_entry *entry = fault_table_start; entry < fault_table_end; entry++)
        if ((uintptr_t)*pc == (uintptr_t)&entry->fault + (uintptr_t)(intptr_t)entry->fault) {
            *pc = (greg_t)((uintptr_t)&entry->go_on + (uintptr_t)(intptr_t)entry->go_on);
            return;
        }
    if (fault_in_snapshot)
        sys_call(SYS_exit_group, MARK_FAULT_STATUS);
    fault_end(); /* the instruction faults again, for the program's handler */
}

int fault_begin(bool in_snapshot)
{
    fault_in_snapshot = in_snapshot;
    /* Not on the alternate stack: that is the program's memory, and to be marked. */
    struct fault_action action = {.handler = fault_handle,
                                  .flags = SA_SIGINFO | SA_NODEFER | FAULT_SA_RESTORER,
                                  .restorer = fault_restorer};
    for (unsigned i = 0; i < 2; i++) {
        long error = sys_call(SYS_rt_sigaction, fault_signals[i], &action, &fault_former[i], 8);
        if (error != 0)
            return (int)error;
    }
    /* A blocked fault would kill: the snapshot runs with all signals blocked. */
    uint64_t faults = 1ull << (SIGSEGV - 1) | 1ull << (SIGBUS - 1);
    return (int)sys_call(SYS_rt_sigprocmask, SIG_UNBLOCK, &faults, &fault_former_mask, 8);
}

void fault_end(void)
{
    for (unsigned i = 0; i < 2; i++)
        sys_call(SYS_rt_sigaction, fault_signals[i], &fault_former[i], NULL, 8);
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &fault_former_mask, NULL, 8);
}

bool fault_copy(void *to, uintptr_t from, size_t bytes)
{
    for (size_t at = 0; at + 8 <= bytes; at += 8) {
        uint64_t word;
        if (!fault_read(from + at, &word))
            return false;
        memcpy((char *)to + at, &word, sizeof word);
    }
    return true;
}
