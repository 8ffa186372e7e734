// A pointer that the caller of exit keeps in a register of its own keeps its block.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: given
// expect: nothing lost
#include "claim.h"

// Zeros or the pointer in rbx, and then exit(0).
__attribute__((noreturn)) OWN_FRAME static void leave_holding(hidden_pointer hidden)
{
    __asm__ volatile("mov %0, %%rbx\n not %%rbx\n"
                     "xor %%eax, %%eax\n xor %%ecx, %%ecx\n xor %%edx, %%edx\n xor %%esi, %%esi\n"
                     "and $-16, %%rsp\n xor %%edi, %%edi\n call *%1\n"
                     :
                     : "r"(hidden), "r"(exit)
                     : "rbx", "rax", "rcx", "rdx", "rsi", "rdi", "memory");
    __builtin_unreachable();
}

int main(int argc, char **argv)
{
    hidden_pointer hidden = hide(make_block(40));

    scrub();
    leave_holding(is_run(argc, argv, "given") ? hidden : ~(uintptr_t)0);
}
