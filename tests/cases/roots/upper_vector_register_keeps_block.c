// A pointer in the upper half of a 32-byte register of a running thread keeps its block.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: given
// expect: nothing lost
#include "one_thread.h"

__attribute__((target("avx"))) static void *hold(void *given)
{
    scrub();
    __asm__ volatile("vzeroall\n test %%rsi, %%rsi\n jz 1f\n not %%rax\n vmovq %%rax, %%xmm7\n"
                     "vinsertf128 $1, %%xmm7, %%ymm3, %%ymm3\n vpxor %%xmm7, %%xmm7, %%xmm7\n"
                     "xor %%eax, %%eax\n"
                     "1: movl $1, (%%rdx)\n"
                     "2: pause\n jmp 2b\n"
                     :
                     : "a"(hidden), "S"(given), "d"(&ready)
                     : "memory");
    return NULL;
}

int main(int argc, char **argv)
{
    if (!__builtin_cpu_supports("avx"))
        return CANNOT_RUN_HERE;
    hidden = hide(make_block(40));
    scrub();
    start_thread(hold, is_run(argc, argv, "given"));
    return 0;
}
