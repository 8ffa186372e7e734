/* A thread with the smallest stack there is records its call paths, odd ones too, and so does a
 * function on a stack that the program made itself. */
#include <limits.h>
#include <pthread.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "paths.h"

static const struct depot_stack *path;

__attribute__((noinline)) void keep_path(void)
{
    path = path_here();
    __asm__ volatile("");
}

__attribute__((noinline)) void *in_thread(void *data)
{
    (void)data;
    keep_path();
    ck_assert(path_is_at(path, 1, "in_thread"));
    frame_by_rbx(keep_path);
    ck_assert_uint_eq(path->flags, LEAKFILE_STACK_ODD);
    return NULL;
}

static void run_in_small_thread(unsigned depth)
{
    ck_assert(stacks_start(depth));
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    ck_assert_int_eq(pthread_attr_setstacksize(&attributes, 16384), 0);
    ck_assert_int_eq(pthread_create(&thread, &attributes, in_thread, NULL), 0);
    pthread_join(thread, NULL);
}

START_TEST(thread_of_16_kilobytes)
{
    run_in_small_thread(64);
}
END_TEST

START_TEST(thread_of_16_kilobytes_at_full_depth)
{
    run_in_small_thread(STACKS_DEPTH_MAX);
}
END_TEST

static ucontext_t home;

__attribute__((noinline)) void in_coroutine(void)
{
    keep_path();
    frame_out_of_reach(keep_path);
    __asm__ volatile("");
}

/* Its stack has memory that cannot be read on both sides. */
START_TEST(coroutine)
{
    ck_assert(stacks_start(64));
    char *room = mmap(NULL, 3 * 16384, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_int_eq(mprotect(room + 16384, 16384, PROT_READ | PROT_WRITE), 0);
    for (int i = 0; i < 50; i++) {
        static ucontext_t context;
        getcontext(&context);
        context.uc_stack.ss_sp = room + 16384;
        context.uc_stack.ss_size = 16384;
        context.uc_link = &home;
        makecontext(&context, in_coroutine, 0);
        swapcontext(&home, &context);
        ck_assert(path_is_at(path, path->frames - 1, "frame_out_of_reach"));
        keep_path();
        ck_assert(path_has(path, "main"));
    }
}
END_TEST

int main(void)
{
    return path_main("small stacks suffice",
                     (const TTest *const[]){thread_of_16_kilobytes,
                                            thread_of_16_kilobytes_at_full_depth, coroutine, NULL});
}
