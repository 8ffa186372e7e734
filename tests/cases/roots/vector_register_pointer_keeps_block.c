// A pointer that is only in a vector register keeps its block, in the upper half of a wide one too.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: sse
// expect: nothing lost
// run: avx
// expect: nothing lost
#include "one_thread.h"

static void *hold_nothing(void *unused)
{
    (void)unused;
    scrub();
    ready = 1;
    for (;;)
        __asm__ volatile("pause" : : : "memory");
    return NULL;
}

static void *hold_in_sse(void *unused)
{
    (void)unused;
    scrub();
    __asm__ volatile("not %%rax\n movq %%rax, %%xmm9\n xor %%eax, %%eax\n"
                     "movl $1, (%%rdx)\n"
                     "2: pause\n jmp 2b\n"
                     :
                     : "a"(hidden), "d"(&ready)
                     : "memory");
    return NULL;
}

__attribute__((target("avx2"))) static void *hold_in_avx(void *unused)
{
    (void)unused;
    scrub();
    __asm__ volatile("not %%rax\n vmovq %%rax, %%xmm9\n xor %%eax, %%eax\n"
                     "vperm2i128 $8, %%ymm9, %%ymm9, %%ymm9\n"
                     "movl $1, (%%rdx)\n"
                     "2: pause\n jmp 2b\n"
                     :
                     : "a"(hidden), "d"(&ready)
                     : "memory");
    return NULL;
}

int main(int argc, char **argv)
{
    void *(*hold)(void *) = hold_nothing;

    if (is_run(argc, argv, "sse"))
        hold = hold_in_sse;
    if (is_run(argc, argv, "avx"))
        hold = __builtin_cpu_supports("avx2") ? hold_in_avx : hold_in_sse;
    hidden = hide(make_block(40));
    scrub();
    start_thread(hold, false);
    return 0;
}
