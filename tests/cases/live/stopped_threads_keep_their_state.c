// A thread that is stopped by signal at any place goes on with its errno, floating-point state,
// registers, signal mask and alternate stack as they were.
//
// option: interval=5ms
// expect: 60 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <fenv.h>
#include <signal.h>

static char signal_stack[1 << 16];

static void claim_fp(int mode, volatile double *one, volatile double *three)
{
    LIVE_CLAIM(fegetround() == mode, "the rounding mode changed to %#x", fegetround());
    double third = *one / *three;
    LIVE_CLAIM(mode == FE_UPWARD ? third * 3 > 1 - 1e-15 : 1, "rounding");
    LIVE_CLAIM(fetestexcept(FE_OVERFLOW | FE_DIVBYZERO) == FE_DIVBYZERO, "exception flags: %#x",
               fetestexcept(FE_ALL_EXCEPT));
}

/* Values in vector and mask registers over a long loop without a call. */
static OWN_FRAME uint64_t spin(uint64_t turns)
{
    uint64_t sum = 0;
    __asm__ volatile("movq %1, %%xmm9\n\tmovq %1, %%xmm15\n\tfld1\n\t"
                     "1: dec %1\n\tjnz 1b\n\t"
                     "movq %%xmm9, %0\n\tmovq %%xmm15, %%rcx\n\tadd %%rcx, %0\n\tfstp %%st(0)"
                     : "=&r"(sum), "+r"(turns)
                     :
                     : "rcx", "xmm9", "xmm15", "cc", "st");
    return sum;
}

int main(void)
{
    static volatile double one = 1, three = 3, zero = 0;
    sigset_t mask, seen;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR2);
    must(pthread_sigmask(SIG_SETMASK, &mask, NULL) == 0);
    must(sigaltstack(&(stack_t){.ss_sp = signal_stack, .ss_size = sizeof signal_stack}, NULL) == 0);
    pthread_t churn = live_churn_begin();
    fesetround(FE_UPWARD);
    feclearexcept(FE_ALL_EXCEPT);
    one = one / (one / (one + zero));
    volatile double infinite = one / zero;
    must(infinite > 1e300);
    double until = live_now_ms() + live_count(2000, 20000);
    for (int turn = 0; live_now_ms() < until; turn++) {
        errno = 1234;
        LIVE_CLAIM(spin(1000000) == 2000000, "registers");
        LIVE_CLAIM(errno == 1234, "errno %d", errno);
        claim_fp(FE_UPWARD, &one, &three);
        stack_t stack;
        must(pthread_sigmask(SIG_BLOCK, NULL, &seen) == 0 && sigaltstack(NULL, &stack) == 0);
        LIVE_CLAIM(memcmp(&seen, &mask, 8) == 0, "mask");
        LIVE_CLAIM(stack.ss_sp == signal_stack && stack.ss_flags == 0, "alternate stack");
        free(malloc(100)); /* this thread collects, too */
        LIVE_CLAIM(errno == 1234, "errno %d after malloc", errno);
        errno = 99;
        sched_yield();
    }
    live_churn_end(churn);
    return live_status();
}
