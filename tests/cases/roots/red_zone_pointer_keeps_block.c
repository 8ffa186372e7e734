// A pointer in the 128 bytes below the stack pointer of a running thread keeps its block.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: given
// expect: nothing lost
#include "one_thread.h"

static void *hold(void *given)
{
    scrub();
    __asm__ volatile("sub $512, %%rsp\n test %%rsi, %%rsi\n jz 1f\n not %%rax\n"
                     "1: mov %%rax, -128(%%rsp)\n xor %%eax, %%eax\n movl $1, (%%rdx)\n"
                     "2: pause\n jmp 2b\n"
                     :
                     : "a"(hidden), "S"(given), "d"(&ready)
                     : "memory");
    return NULL;
}

int main(int argc, char **argv)
{
    hidden = hide(make_block(40));
    scrub();
    start_thread(hold, is_run(argc, argv, "given"));
    return 0;
}
