/* Whatever form the frames have, the call path is the one that the system's own unwinder gives. */
#include <alloca.h>
#include <execinfo.h>
#include <signal.h>
#include <string.h>

#include "paths.h"

static int captures;
static uint32_t flags_seen;

/* Compares with libgcc's shared unwinder from this function's caller on. */
__attribute__((noinline)) void capture_and_compare(void)
{
    void *theirs[128];
    const struct depot_stack *ours = path_here();
    int frames = backtrace(theirs, 128);
    ck_assert(path_is_at(ours, 0, "capture_and_compare"));
    ck_assert_int_eq((int)ours->frames, frames);
    for (int i = 1; i < frames; i++)
        ck_assert_uint_eq(ours->pcs[i], (uintptr_t)theirs[i]);
    flags_seen = ours->flags;
    captures++;
}

static void prepare(void)
{
    static bool is_started;
    if (!is_started)
        ck_assert(stacks_start(64));
    is_started = true;
    captures = 0;
}

static volatile size_t alloca_bytes = 100;

__attribute__((noinline)) void with_alloca(void)
{
    char *room = alloca(alloca_bytes);
    memset(room, 1, alloca_bytes);
    capture_and_compare();
    __asm__ volatile("" ::"r"(room) : "memory");
}

__attribute__((noinline)) void with_wide_local(void)
{
    struct {
        _Alignas(64) char bytes[64];
    } wide;
    memset(&wide, 1, sizeof wide);
    __asm__ volatile("" ::"r"(&wide) : "memory");
    with_alloca();
    __asm__ volatile("" ::"r"(&wide) : "memory");
}

START_TEST(alloca_and_realigned)
{
    prepare();
    with_alloca();
    with_wide_local();
    frame_realigned(with_wide_local);
    ck_assert_int_eq(captures, 3);
    ck_assert_uint_eq(flags_seen, 0);
}
END_TEST

START_TEST(odd_frame)
{
    prepare();
    frame_by_rbx(with_wide_local);
    ck_assert_int_eq(captures, 1);
    ck_assert_uint_eq(flags_seen, LEAKFILE_STACK_ODD);
}
END_TEST

START_TEST(outermost_frame)
{
    prepare();
    frame_outermost(capture_and_compare);
    ck_assert_int_eq(captures, 1);
    ck_assert_uint_eq(flags_seen, 0);
}
END_TEST

static const struct depot_stack *in_handler;

__attribute__((noinline)) void on_signal(int number)
{
    (void)number;
    in_handler = path_here();
    __asm__ volatile("");
}

__attribute__((noinline)) void interrupted(void)
{
    __asm__ volatile("movq $0, %%rax\n\tmovq %%rax, (%%rax)" ::: "rax", "memory");
}

/* Leaves the faulting instruction behind. */
static void on_fault(int number, siginfo_t *info, void *context)
{
    (void)info;
    on_signal(number);
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 3;
}

static void assert_handler_path(void)
{
    const struct depot_stack *path = in_handler;
    uint32_t frame = 0;
    while (frame < path->frames && !path_is_at(path, frame, "interrupted"))
        frame++;
    ck_assert_uint_lt(frame, path->frames);
    uintptr_t store = 0;
    for (const unsigned char *at = (const unsigned char *)interrupted; store == 0; at++)
        if (at[0] == 0x48 && at[1] == 0x89 && at[2] == 0x00)
            store = (uintptr_t)at;
    ck_assert_uint_eq(path->pcs[frame], store + 1);
    ck_assert(path_has(path, "main"));
    ck_assert_uint_eq(path->flags, 0);
}

START_TEST(interrupted_by_a_signal)
{
    prepare();
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, NULL);
    interrupted();
    assert_handler_path();
}
END_TEST

START_TEST(interrupted_onto_another_stack)
{
    prepare();
    static char room[65536];
    stack_t other = {.ss_sp = room, .ss_size = sizeof room};
    ck_assert_int_eq(sigaltstack(&other, NULL), 0);
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(SIGSEGV, &action, NULL);
    interrupted();
    assert_handler_path();
}
END_TEST

int main(void)
{
    return path_main("every form of frame is walked",
                     (const TTest *const[]){alloca_and_realigned, odd_frame, outermost_frame,
                                            interrupted_by_a_signal, interrupted_onto_another_stack,
                                            NULL});
}
