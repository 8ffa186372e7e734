/*
 * Seccomp filters: once one is installed, a system call of a new kind may kill the program. So a
 * collection comes before, and nothing but recording after.
 *
 * Runs in program threads. prctl and syscall pass everything on unchanged. Libc has no function for
 * userfaultfd, so that passes here, too.
 */
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "../record/unforked.h"
#include "regions.h"

static void filters_note(void)
{
    if (guard_is_recording() && hooks.filtered != NULL)
        hooks.filtered();
}

REAL_EXPORT int prctl(int option, ...)
{
    va_list list;
    va_start(list, option);
    unsigned long a = va_arg(list, unsigned long);
    unsigned long b = va_arg(list, unsigned long);
    unsigned long c = va_arg(list, unsigned long);
    unsigned long d = va_arg(list, unsigned long);
    va_end(list);
    if (real.prctl == NULL)
        guard_start();
    if (option == PR_SET_SECCOMP)
        filters_note();
    return real.prctl(option, a, b, c, d);
}

/* How Rust's threads sleep, among others: a safe region, as condition variables are. */
static bool filters_is_futex_wait(long number, long operation)
{
    int command = (int)operation & FUTEX_CMD_MASK;
    return number == SYS_futex && (command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET);
}

REAL_EXPORT long syscall(long number, ...)
{
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long);
    long b = va_arg(list, long);
    long c = va_arg(list, long);
    long d = va_arg(list, long);
    long e = va_arg(list, long);
    long f = va_arg(list, long);
    va_end(list);
    if (real.syscall == NULL)
        guard_start();
    if (number == SYS_seccomp && (a == SECCOMP_SET_MODE_FILTER || a == SECCOMP_SET_MODE_STRICT))
        filters_note();
    if (filters_is_futex_wait(number, b)) {
        REGION();
        return real.syscall(number, a, b, c, d, e, f);
    }
    long result = real.syscall(number, a, b, c, d, e, f);
    if (number == SYS_userfaultfd && result >= 0)
        unforked_opened((int)result);
    return result;
}
