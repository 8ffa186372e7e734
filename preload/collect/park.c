/* Parking; see park.h. */
#include "park.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "../base/clock.h"
#include "../base/sys.h"
#include "../record/thread.h"

struct park park; /* see park.h */

static uint64_t park_blocked; /* what park_mask said for this stop */

/* As the kernel has it. */
struct park_kernel_action {
    uintptr_t handler;
    uint64_t flags;
    uintptr_t restorer;
    uint64_t mask;
};

uint64_t park_mask(void)
{
    static const int ignored[] = {SIGCHLD, SIGURG, SIGWINCH, SIGCONT};
    uint64_t mask = ~0ull;
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) {
        struct park_kernel_action action = {0};
        sys_call(SYS_rt_sigaction, ignored[i], NULL, &action, sizeof action.mask);
        if (action.handler == (uintptr_t)SIG_DFL || action.handler == (uintptr_t)SIG_IGN)
            mask &= ~(1ull << (ignored[i] - 1));
    }
    __atomic_store_n(&park_blocked, mask, __ATOMIC_RELAXED);
    return mask;
}

/* Blocks what a parked thread blocks, besides what it blocks anyway; the mask before goes to
 * `former`. */
static void park_block(uint64_t *former)
{
    uint64_t mask = __atomic_load_n(&park_blocked, __ATOMIC_RELAXED);
    sys_call(SYS_rt_sigprocmask, SIG_BLOCK, &mask, former, sizeof mask);
}

static struct timespec park_timespec(uint64_t ns)
{
    return (struct timespec){(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
}

/* Answers and waits until the stop is over. */
static void park_wait(struct park_place *place, uint32_t number)
{
    uint64_t until = clock_now_ns() + 2 * park.settings.timeout_ns;
    if (__atomic_exchange_n(&place->answer, PARK_PARKED, __ATOMIC_ACQ_REL) == PARK_ASKED &&
        __atomic_sub_fetch(&park.missing, 1, __ATOMIC_ACQ_REL) == 0)
        sys_futex_wake(&park.missing, 1);
    while (__atomic_load_n(&thread_gate, __ATOMIC_ACQUIRE) == number) {
        struct timespec patience = park_timespec(park.settings.timeout_ns);
        sys_futex_wait(&thread_gate, number, &patience);
        if (clock_now_ns() < until || __atomic_load_n(&park.cloning, __ATOMIC_ACQUIRE) != 0)
            continue;
        __atomic_fetch_add(&park.freed, 1, __ATOMIC_RELEASE);
        return;
    }
}

void park_fill_from_context(struct world_thread *thread, const ucontext_t *context)
{
    /* DWARF's numbers of rax, rdx, rcx, rbx, rsi, rdi, rbp, rsp, r8 … r15, rip. */
    static const int order[WORLD_REGISTERS] = {REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI,
                                               REG_RBP, REG_RSP, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                               REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
    for (int i = 0; i < WORLD_REGISTERS; i++)
        thread->registers[i] = (uintptr_t)context->uc_mcontext.gregs[order[i]];
    thread->context = context;
    thread->stack_pointer = (uintptr_t)context->uc_mcontext.gregs[REG_RSP] - PARK_RED_ZONE;
    thread->signal_stack = (uintptr_t)context->uc_stack.ss_sp;
    thread->signal_stack_bytes = context->uc_stack.ss_size;
    thread->state = WORLD_SIGNALLED;
    thread->thread_pointer = (uintptr_t)__builtin_thread_pointer();
}

/* Not a request to park: from `seep collect`, which queues no value, or somebody's own signal. */
static void park_other(siginfo_t *info, ucontext_t *context)
{
    bool is_request =
        info->si_code == SI_QUEUE && info->si_value.sival_int == 0 && info->si_pid != sys_getpid();
    if (is_request && park.settings.asked != NULL) {
        int kept = errno;
        park.settings.asked(context);
        errno = kept;
    } else if (park.settings.foreign != NULL) {
        park.settings.foreign(info, context);
    }
}

static void park_handler(int signal_number, siginfo_t *info, void *context)
{
    (void)signal_number;
    uint32_t value = (uint32_t)info->si_value.sival_int;
    uint32_t number = __atomic_load_n(&thread_gate, __ATOMIC_ACQUIRE);
    if (info->si_code != SI_QUEUE || info->si_errno != PARK_MARK) {
        park_other(info, context);
        return;
    }
    if (number == 0 || value >> PARK_PLACE_BITS != (number & ((1u << PARK_PLACE_BITS) - 1)))
        return;
    int saved = errno;
    if (thread_is_busy(&thread_self)) {
        thread_self.countdown = 0; /* the short way out looks at nothing else */
        thread_self.stop_pending =
            number << PARK_PLACE_BITS | (value & ((1u << PARK_PLACE_BITS) - 1));
    } else {
        struct park_place *place = &park.places[value & ((1u << PARK_PLACE_BITS) - 1)];
        park_fill_from_context(&place->thread, context);
        park_block(NULL); /* given back as the handler returns */
        park_wait(place, number);
    }
    errno = saved;
}

/* All of the shim's frames above this one still stand: what they hold, the block in hand above
 * all, is on the stack or in the registers saved here. */
__attribute__((noinline)) void park_here(void)
{
    uintptr_t registers[WORLD_REGISTERS] = {0};
    thread_registers_save(registers);
    uint32_t pending = thread_self.stop_pending;
    thread_self.stop_pending = 0;
    uint32_t number = __atomic_load_n(&thread_gate, __ATOMIC_ACQUIRE);
    if (number == 0 || pending >> PARK_PLACE_BITS != (number & ((1u << PARK_PLACE_BITS) - 1)))
        return;
    uint64_t mask;
    park_block(&mask);
    struct park_place *place = &park.places[pending & ((1u << PARK_PLACE_BITS) - 1)];
    struct world_thread *thread = &place->thread;
    memcpy(thread->registers, registers, sizeof registers);
    thread->stack_pointer = registers[7] - PARK_RED_ZONE;
    thread->signal_stack = thread_self.place != NULL ? thread_self.place->signal_stack : 0;
    thread->state = WORLD_PARKED;
    thread->thread_pointer = (uintptr_t)__builtin_thread_pointer();
    park_wait(place, number);
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
}

int park_start(struct park_settings wanted)
{
    park.settings = wanted;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = park_handler;
    action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    sigfillset(&action.sa_mask);
    sigdelset(&action.sa_mask, SIGCHLD); /* see park_mask; the handler blocks the rest itself */
    sigdelset(&action.sa_mask, SIGURG);
    sigdelset(&action.sa_mask, SIGWINCH);
    sigdelset(&action.sa_mask, SIGCONT);
    if (sigaction(park.settings.signal, &action, NULL) != 0)
        return -errno;
    sigset_t ours;
    sigemptyset(&ours);
    sigaddset(&ours, park.settings.signal);
    sigprocmask(SIG_UNBLOCK, &ours, NULL);
    return 0;
}
