/*
 * Stopping the world by signal; see stop.h.
 *
 * Each thread is asked with rt_tgsigqueueinfo, whose value carries the number of the stop and the
 * thread's place in the table, so the handler finds its place without searching. A handler that
 * begins after the resume sees another number and returns at once. Threads inside the shim only
 * note the stop and park when they leave it.
 *
 * stop_handler and stop_park run in the program's threads: raw system calls, errno untouched.
 */
#include "stop.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>

#include "../base/clock.h"
#include "../base/pages.h"
#include "../base/sys.h"
#include "../base/tasks.h"
#include "../record/thread.h"
#include "threads.h"

enum {
    STOP_RED_ZONE = 128,
    STOP_PLACE_BITS = 16,
    STOP_PLACES = (1 << STOP_PLACE_BITS) - 1 /* and one for the caller */
};

enum stop_answer {
    STOP_ASKED,
    STOP_PARKED,
    STOP_ASLEEP, /* in the kernel, and stays there if `sleep` says so afterwards */
    STOP_GONE
};

struct stop_place {
    struct world_thread thread;
    uint32_t answer; /* enum stop_answer; atomic */
    struct threads_sleep sleep;
};

static struct stop_settings settings; /* set once by stop_start */
static struct stop_place *places;     /* set once by stop_start; written by the parked threads */
static struct world_thread *gathered; /* set once by stop_start; of the collecting thread */
static size_t place_count;            /* of the collecting thread */

/* Atomic; futex words. */
static uint32_t stop_answers; /* rises with each thread that parks */
static uint32_t stop_cloning; /* 1: nobody frees itself any more */
static uint32_t stop_freed;   /* threads that freed themselves */
static uint32_t stop_number;  /* of the last stop; of the collecting thread */

static uint64_t stop_blocked; /* what stop_mask said for this stop */

/* As the kernel has it. */
struct stop_kernel_action {
    uintptr_t handler;
    uint64_t flags;
    uintptr_t restorer;
    uint64_t mask;
};

uint64_t stop_mask(void)
{
    static const int ignored[] = {SIGCHLD, SIGURG, SIGWINCH, SIGCONT};
    uint64_t mask = ~0ull;
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) {
        struct stop_kernel_action action = {0};
        sys_call(SYS_rt_sigaction, ignored[i], NULL, &action, sizeof action.mask);
        if (action.handler == (uintptr_t)SIG_DFL || action.handler == (uintptr_t)SIG_IGN)
            mask &= ~(1ull << (ignored[i] - 1));
    }
    __atomic_store_n(&stop_blocked, mask, __ATOMIC_RELAXED);
    return mask;
}

/* Blocks what a parked thread blocks; the mask before goes to `former`. */
static void stop_block(uint64_t *former)
{
    uint64_t mask = __atomic_load_n(&stop_blocked, __ATOMIC_RELAXED);
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &mask, former, sizeof mask);
}

static struct timespec stop_timespec(uint64_t ns)
{
    return (struct timespec){(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
}

/* Answers and waits until the stop is over. */
static void stop_wait(struct stop_place *place, uint32_t number)
{
    uint64_t until = clock_now_ns() + 2 * settings.timeout_ns;
    __atomic_store_n(&place->answer, STOP_PARKED, __ATOMIC_RELEASE);
    __atomic_fetch_add(&stop_answers, 1, __ATOMIC_RELEASE);
    sys_futex_wake(&stop_answers, 1);
    while (__atomic_load_n(&thread_gate, __ATOMIC_ACQUIRE) == number) {
        struct timespec patience = stop_timespec(settings.timeout_ns);
        sys_futex_wait(&thread_gate, number, &patience);
        if (clock_now_ns() < until || __atomic_load_n(&stop_cloning, __ATOMIC_ACQUIRE) != 0)
            continue;
        __atomic_fetch_add(&stop_freed, 1, __ATOMIC_RELEASE);
        return;
    }
}

void stop_fill_from_context(struct world_thread *thread, const ucontext_t *context)
{
    /* DWARF's numbers of rax, rdx, rcx, rbx, rsi, rdi, rbp, rsp, r8 … r15, rip. */
    static const int order[WORLD_REGISTERS] = {REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI,
                                               REG_RBP, REG_RSP, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                               REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
    for (int i = 0; i < WORLD_REGISTERS; i++)
        thread->registers[i] = (uintptr_t)context->uc_mcontext.gregs[order[i]];
    thread->context = context;
    thread->stack_pointer = (uintptr_t)context->uc_mcontext.gregs[REG_RSP] - STOP_RED_ZONE;
    thread->signal_stack = (uintptr_t)context->uc_stack.ss_sp;
    thread->signal_stack_bytes = context->uc_stack.ss_size;
    thread->state = WORLD_SIGNALLED;
    thread->thread_pointer = (uintptr_t)__builtin_thread_pointer();
}

static void stop_handler(int signal_number, siginfo_t *info, void *context)
{
    (void)signal_number;
    uint32_t value = (uint32_t)info->si_value.sival_int;
    uint32_t number = __atomic_load_n(&thread_gate, __ATOMIC_ACQUIRE);
    if (info->si_code == SI_QUEUE && info->si_pid != sys_getpid() && settings.asked != NULL) {
        int kept = errno;
        settings.asked(context);
        errno = kept;
        return;
    }
    if (info->si_code != SI_QUEUE || number == 0 ||
        value >> STOP_PLACE_BITS != (number & ((1u << STOP_PLACE_BITS) - 1)))
        return;
    int saved = errno;
    if ((thread_self.inside & ~(uint32_t)THREAD_IN_REGION) != 0) {
        thread_self.stop_pending =
            number << STOP_PLACE_BITS | (value & ((1u << STOP_PLACE_BITS) - 1));
    } else {
        struct stop_place *place = &places[value & ((1u << STOP_PLACE_BITS) - 1)];
        stop_fill_from_context(&place->thread, context);
        stop_block(NULL); /* given back as the handler returns */
        stop_wait(place, number);
    }
    errno = saved;
}

/* All of the shim's frames above this one still stand: what they hold, the block in hand above
 * all, is on the stack or in the registers saved here. */
__attribute__((noinline)) void stop_park(void)
{
    uintptr_t registers[WORLD_REGISTERS] = {0};
    thread_registers_save(registers);
    uint32_t pending = thread_self.stop_pending;
    thread_self.stop_pending = 0;
    uint32_t number = __atomic_load_n(&thread_gate, __ATOMIC_ACQUIRE);
    if (number == 0 || pending >> STOP_PLACE_BITS != (number & ((1u << STOP_PLACE_BITS) - 1)))
        return;
    uint64_t mask;
    stop_block(&mask);
    struct stop_place *place = &places[pending & ((1u << STOP_PLACE_BITS) - 1)];
    struct world_thread *thread = &place->thread;
    memcpy(thread->registers, registers, sizeof registers);
    thread->stack_pointer = registers[7] - STOP_RED_ZONE;
    thread->signal_stack = thread_self.place != NULL ? thread_self.place->signal_stack : 0;
    thread->state = WORLD_PARKED;
    thread->thread_pointer = (uintptr_t)__builtin_thread_pointer();
    stop_wait(place, number);
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
}

int stop_start(struct stop_settings wanted)
{
    settings = wanted;
    places = pages_map(sizeof *places << STOP_PLACE_BITS);
    gathered = pages_map(sizeof *gathered << STOP_PLACE_BITS);
    if (places == NULL || gathered == NULL)
        return -ENOMEM;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = stop_handler;
    action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    sigfillset(&action.sa_mask);
    sigdelset(&action.sa_mask, SIGCHLD); /* see stop_mask; the handler blocks the rest itself */
    sigdelset(&action.sa_mask, SIGURG);
    sigdelset(&action.sa_mask, SIGWINCH);
    sigdelset(&action.sa_mask, SIGCONT);
    if (sigaction(settings.signal, &action, NULL) != 0)
        return -errno;
    sigset_t ours;
    sigemptyset(&ours);
    sigaddset(&ours, settings.signal);
    sigprocmask(SIG_UNBLOCK, &ours, NULL);
    return 0;
}

static int stop_ask(int tid, size_t place)
{
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = settings.signal;
    info.si_code = SI_QUEUE;
    info.si_pid = sys_getpid();
    info.si_value.sival_int =
        (int)(stop_number << STOP_PLACE_BITS | ((uint32_t)place & ((1u << STOP_PLACE_BITS) - 1)));
    return (int)sys_call(SYS_rt_tgsigqueueinfo, info.si_pid, tid, settings.signal, &info);
}

static bool stop_knows(int tid)
{
    for (size_t i = 0; i < place_count; i++)
        if (places[i].thread.tid == tid)
            return true;
    return false;
}

struct stop_listing {
    int self;
    uint32_t hint;
};

/* A thread in a safe region stays there while the gate is shut: it counts as parked. */
static bool stop_fill_from_region(struct world_thread *thread, const struct thread_place *place)
{
    if (place == NULL || __atomic_load_n(&place->region, __ATOMIC_SEQ_CST) == 0)
        return false;
    for (int i = 0; i < WORLD_REGISTERS; i++)
        thread->registers[i] = place->registers[i];
    thread->stack_pointer = place->registers[7] - STOP_RED_ZONE;
    thread->thread_pointer = place->thread_pointer;
    thread->signal_stack = place->signal_stack;
    thread->signal_stack_bytes = place->signal_stack_bytes;
    thread->state = WORLD_PARKED;
    return true;
}

/* Asks a thread that the listing found. Returns true when it is new. */
static bool stop_add_cb(int tid, void *argument)
{
    struct stop_listing *listing = argument;
    if (tid == listing->self || stop_knows(tid) || place_count == STOP_PLACES)
        return false;
    struct stop_place *place = &places[place_count];
    memset(place, 0, sizeof *place);
    place->thread.tid = tid;
    place->thread.state = WORLD_MISSED;
    if (stop_fill_from_region(&place->thread, thread_place_by_tid(tid, &listing->hint)))
        place->answer = STOP_PARKED;
    else if (stop_ask(tid, place_count) == -ESRCH)
        return false; /* it ended meanwhile; any other error leaves it missing */
    place_count++;
    return true;
}

/* An answer is late: the thread ended, never answers, or sleeps on without being able to. */
static void stop_strike(struct stop_place *place)
{
    uint32_t asked = STOP_ASKED;
    uint32_t answer = STOP_GONE;
    uint32_t hint = 0;
    if (!threads_cannot_answer(place->thread.tid)) {
        if (!threads_is_asleep(place->thread.tid, settings.signal, &place->sleep))
            return;
        answer = STOP_ASLEEP;
    }
    if (!__atomic_compare_exchange_n(&place->answer, &asked, answer, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE) ||
        answer != STOP_ASLEEP)
        return;
    const struct thread_place *known = thread_place_by_tid(place->thread.tid, &hint);
    place->thread.state = WORLD_PARKED;
    place->thread.registers[7] = place->sleep.stack_pointer;
    place->thread.stack_pointer = place->sleep.stack_pointer - STOP_RED_ZONE;
    place->thread.thread_pointer = known != NULL ? known->thread_pointer : 0;
}

/* Waits for answers until `deadline`; returns how many are missing. Threads that ended or never
 * answer (a zombie, a worker of the kernel) are struck out when an answer is late. */
static uint32_t stop_gather(uint64_t deadline)
{
    for (uint64_t strike = clock_now_ns() + 2000000;;) {
        uint32_t seen = __atomic_load_n(&stop_answers, __ATOMIC_ACQUIRE);
        uint32_t missing = 0;
        for (size_t i = 0; i < place_count; i++)
            missing += __atomic_load_n(&places[i].answer, __ATOMIC_ACQUIRE) == STOP_ASKED;
        uint64_t now = clock_now_ns();
        if (missing == 0 || now >= deadline)
            return missing;
        if (now >= strike) {
            strike = now + 5000000;
            for (size_t i = 0; i < place_count; i++)
                if (places[i].answer == STOP_ASKED)
                    stop_strike(&places[i]);
            continue;
        }
        struct timespec patience = stop_timespec((strike < deadline ? strike : deadline) - now);
        sys_futex_wait(&stop_answers, seen, &patience);
    }
}

static void stop_hand_over(struct world *world)
{
    world->threads = gathered;
    for (size_t i = 0; i < place_count; i++)
        if (places[i].answer != STOP_GONE)
            gathered[world->thread_count++] = places[i].thread;
}

static bool stop_count_cb(int tid, void *argument)
{
    (void)tid;
    (void)argument;
    return true;
}

/* Where /proc numbers threads as another pid namespace does, they cannot be asked by its numbers:
 * only a process of one thread can be looked at. */
static bool stop_can_name_threads(void)
{
    return tasks_number_in_proc() == sys_getpid() || tasks_each(stop_count_cb, NULL) == 1;
}

int stop_world(struct world *world)
{
    if (!stop_can_name_threads())
        return -ENOENT;
    place_count = 0;
    stop_number++;
    if ((stop_number & ((1u << STOP_PLACE_BITS) - 1)) == 0)
        stop_number++;
    __atomic_store_n(&stop_cloning, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&stop_freed, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&thread_gate, stop_number, __ATOMIC_SEQ_CST);
    struct stop_listing listing = {.self = sys_gettid()};
    uint64_t deadline = clock_now_ns() + settings.timeout_ns;
    int found;
    do {
        found = tasks_each(stop_add_cb, &listing);
        if (found < 0)
            return found;
        world->missed = stop_gather(deadline);
    } while (found > 0);
    __atomic_store_n(&stop_cloning, 1, __ATOMIC_SEQ_CST);
    stop_hand_over(world);
    return 0;
}

bool stop_is_whole(void)
{
    for (size_t i = 0; i < place_count; i++) {
        struct threads_sleep now;
        if (places[i].answer == STOP_ASLEEP &&
            (!threads_is_asleep(places[i].thread.tid, settings.signal, &now) ||
             now.switches != places[i].sleep.switches))
            return false;
    }
    return __atomic_load_n(&stop_freed, __ATOMIC_ACQUIRE) == 0;
}

void stop_resume(void)
{
    __atomic_store_n(&thread_gate, 0, __ATOMIC_SEQ_CST);
    if (place_count != 0)
        sys_futex_wake(&thread_gate, INT32_MAX);
}

void stop_after_fork(void)
{
    __atomic_store_n(&thread_gate, 0, __ATOMIC_SEQ_CST);
    thread_self.stop_pending = 0;
}
