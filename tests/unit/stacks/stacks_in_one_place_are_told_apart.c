/* Coroutines that run one after the other on the same memory, in frames of the same size, have
 * paths of their own; so do those whose stack is partly gone the next time: no word that may not
 * exist is read. And longjmp leaves nothing behind that a later capture believes. */
#include <alloca.h>
#include <setjmp.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "paths.h"

enum { STACK_BYTES = 64 << 10 };

static ucontext_t home;
static uint32_t seen[3];

__attribute__((noinline)) uint32_t innermost(void)
{
    return path_checked(STACKS_ENTRY());
}

#define COROUTINE(name, number)                                                                    \
    __attribute__((noinline)) void name(void)                                                      \
    {                                                                                              \
        for (int i = 0; i < 3; i++)                                                                \
            seen[number] = innermost();                                                            \
        __asm__ volatile("");                                                                      \
    }
COROUTINE(first, 0)
COROUTINE(second, 1)
COROUTINE(third, 2)

static void run(char *stack, size_t bytes, void (*body)(void))
{
    ucontext_t context;
    getcontext(&context);
    context.uc_stack.ss_sp = stack;
    context.uc_stack.ss_size = bytes;
    context.uc_link = &home;
    makecontext(&context, body, 0);
    swapcontext(&home, &context);
}

static char *stack_map(void *at)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | (at != NULL ? MAP_FIXED : 0);
    char *stack = mmap(at, STACK_BYTES, PROT_READ | PROT_WRITE, flags, -1, 0);
    ck_assert_ptr_ne(stack, MAP_FAILED);
    return stack;
}

START_TEST(one_after_the_other)
{
    path_warm();
    char *stack = stack_map(NULL);
    for (int round = 0; round < 50; round++) {
        run(stack, STACK_BYTES, first);
        run(stack, STACK_BYTES, second);
        run(stack, STACK_BYTES, third);
        ck_assert(path_has(depot_get(seen[0]), "first"));
        ck_assert(path_has(depot_get(seen[1]), "second"));
        ck_assert(path_has(depot_get(seen[2]), "third"));
    }
    ck_assert_uint_gt(path_hits, 0);
}
END_TEST

static uintptr_t target;

/* Captures with the stack pointer at `target`, or a little below. */
__attribute__((noinline)) void at_target(void)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    char *taken = alloca(here - target);
    __asm__ volatile("" ::"r"(taken) : "memory");
    for (int i = 0; i < 3; i++)
        innermost();
    __asm__ volatile("" ::"r"(taken) : "memory");
}

__attribute__((noinline)) void through_another(void)
{
    at_target();
    __asm__ volatile("");
}

START_TEST(partly_gone)
{
    path_warm();
    char *stack = stack_map(NULL);
    target = (uintptr_t)stack + STACK_BYTES / 4;
    for (int round = 0; round < 20; round++) {
        run(stack, STACK_BYTES, at_target);
        ck_assert_int_eq(munmap(stack + STACK_BYTES / 2, STACK_BYTES / 2), 0);
        run(stack, STACK_BYTES / 2, at_target);
        run(stack, STACK_BYTES / 2, through_another);
        stack_map(stack);
    }
}
END_TEST

static jmp_buf back;
static void (*volatile jump)(struct __jmp_buf_tag *, int) = longjmp;

__attribute__((noinline)) void jump_from(int deeper)
{
    innermost();
    if (deeper > 0)
        jump_from(deeper - 1);
    else
        jump(back, 1);
    __asm__ volatile("");
}

__attribute__((noinline)) void land(int deeper)
{
    if (setjmp(back) == 0)
        jump_from(deeper);
    innermost();
    __asm__ volatile("");
}

START_TEST(longjmp_over_frames)
{
    path_warm();
    for (int i = 0; i < 300; i++)
        land(i % 17);
    ck_assert_uint_gt(path_hits, 1000);
}
END_TEST

int main(void)
{
    return path_main(
        "stacks in one place are told apart",
        (const TTest *const[]){one_after_the_other, partly_gone, longjmp_over_frames, NULL});
}
