/* clock_gettime as a machine has it whose clocks jump: hours ahead, and back. */
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t id, struct timespec *now)
{
    static unsigned calls;
    static const long jumps[] = {0, 86400, 3600, -7200, 0, 1000000, -86400, 0};
    int result = (int)syscall(SYS_clock_gettime, id, now);
    if (result == 0)
        now->tv_sec += jumps[__atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED) / 16 % 8];
    if (result == 0 && now->tv_sec < 0)
        now->tv_sec = 0;
    return result;
}

/* That it is asked: once for each call of the program. */
