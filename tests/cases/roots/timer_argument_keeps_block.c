// A pointer that only the kernel has, as the argument of a timer, keeps its block.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: given
// expect: nothing lost
#include "claim.h"

#include <signal.h>
#include <time.h>

static OWN_FRAME void arm(void *argument)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    timer_t timer;

    event.sigev_value.sival_ptr = argument;
    must(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
}

int main(int argc, char **argv)
{
    void *block = make_block(40);

    arm(is_run(argc, argv, "given") ? block : NULL);
    scrub();
    return 0;
}
