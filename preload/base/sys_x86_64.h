/*
 * Raw system calls on x86-64: no errno, no cancellation point, nothing that a program could have
 * interposed. Every result is the kernel's: a value, or a negative errno.
 *
 * Runs anywhere: program threads, signal handlers, the snapshot.
 */
#ifndef SEEP_BASE_SYS_X86_64_H
#define SEEP_BASE_SYS_X86_64_H

static inline long sys_call6(long number, long a, long b, long c, long d, long e, long f)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

#endif
