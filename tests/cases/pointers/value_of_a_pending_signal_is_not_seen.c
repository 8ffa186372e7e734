// A pointer that only a pending signal carries is seen by nobody but who takes the signal: its
// block is lost until then, and in use again after.
//
// run: pending
// expect: lost 40 bytes in 1 block, in make_block
// run: taken
// expect: nothing lost
#include "claim.h"

#include <signal.h>

static void *volatile taken;

static OWN_FRAME void send(void *block)
{
    must(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_ptr = block}) == 0);
}

int main(int argc, char **argv)
{
    sigset_t set;
    siginfo_t info;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    must(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    send(make_block(40));
    scrub();
    if (is_run(argc, argv, "taken")) {
        must(sigwaitinfo(&set, &info) == SIGRTMIN);
        taken = info.si_value.sival_ptr;
    }
    return 0;
}
