/* The raw clone on x86-64; see clone.h. */
#include "clone.h"

#include "sys.h"

enum { CLONE_STACK_SPARE = 64 };

int clone_make(const struct clone_call *call)
{
    long result;
    /* clone(flags, stack, parent's tid, child's tid, tls): in the child the stack is new and empty,
     * so it goes on in a function that never returns, with its argument in the callee-saved rbx. */
    register void *kept __asm__("rbx") = call->argument;
    register uint32_t *r10 __asm__("r10") = call->tid;
    register long r8 __asm__("r8") = 0;
    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "xor %%ebp, %%ebp\n\t"
                     "mov %%rbx, %%rdi\n\t"
                     "call *%[enter]\n\t"
                     "hlt\n"
                     "1:"
                     : "=a"(result)
                     : "a"(SYS_clone), "D"(call->flags),
                       "S"((char *)call->stack_end - CLONE_STACK_SPARE), "d"(call->tid), "r"(r10),
                       "r"(r8), "r"(kept), [enter] "r"(call->enter)
                     : "rcx", "r11", "memory");
    return (int)result;
}
