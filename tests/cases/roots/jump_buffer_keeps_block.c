// A pointer in a register that setjmp saved keeps its block; setjmp encodes the frame pointer, the
// stack pointer and the program counter, so what only they point at is not held.
//
// run: rbx
// expect: nothing lost
// run: r12
// expect: nothing lost
// run: rbp
// expect: lost 40 bytes in 1 block, in make_block
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <setjmp.h>

static jmp_buf buffer;
static hidden_pointer hidden;

// Calls _setjmp with the block's address in a register, and puts the register back.
#define SAVE_WITH(name)                                                                            \
    __asm__ volatile("push %%" name "\n push %%rbp\n mov %0, %%rax\n not %%rax\n"                  \
                     "mov %%rsp, %%r13\n and $-16, %%rsp\n"                                        \
                     "mov %%rax, %%" name "\n"                                                     \
                     "call _setjmp@plt\n"                                                          \
                     "mov %%r13, %%rsp\n pop %%rbp\n pop %%" name "\n"                             \
                     :                                                                             \
                     : "r"(hidden), "D"(buffer)                                                    \
                     : "rax", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "r13", "memory",      \
                       "cc")

static OWN_FRAME void save(const char *name)
{
    if (strcmp(name, "rbx") == 0)
        SAVE_WITH("rbx");
    if (strcmp(name, "r12") == 0)
        SAVE_WITH("r12");
    if (strcmp(name, "rbp") == 0)
        SAVE_WITH("rbp");
}

int main(int argc, char **argv)
{
    must(argc == 2);
    hidden = hide(make_block(40));
    save(argv[1]);
    scrub();
    return 0;
}
