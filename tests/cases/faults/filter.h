/* A seccomp filter of the program's own that allows little. */
#ifndef SEEP_TESTS_FILTER_H
#define SEEP_TESTS_FILTER_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* All calls but those that the program and libc make from here on are answered by `otherwise`. */
static inline int filter_install(unsigned otherwise)
{
    static const unsigned allowed[] = {SYS_write,        SYS_brk,
                                       SYS_mmap,         SYS_munmap,
                                       SYS_mprotect,     SYS_madvise,
                                       SYS_exit_group,   SYS_exit,
                                       SYS_newfstatat,   SYS_fstat,
                                       SYS_nanosleep,    SYS_clock_nanosleep,
                                       SYS_futex,        SYS_rt_sigprocmask,
                                       SYS_rt_sigreturn, SYS_getpid,
                                       SYS_gettid};
    enum { COUNT = sizeof allowed / sizeof *allowed };
    struct sock_filter filter[COUNT + 3];
    filter[0] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (unsigned i = 0; i < COUNT; i++)
        filter[i + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, allowed[i],
                                                     (unsigned char)(COUNT - i), 0);
    filter[COUNT + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, otherwise);
    filter[COUNT + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {COUNT + 3, filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0;
}

#endif
