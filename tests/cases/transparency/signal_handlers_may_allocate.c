// A signal handler that allocates and loses is recorded, and its call path leads through the
// function that was interrupted.
//
// expect: lost 40 bytes in 1 block, in interrupted
#include "claim.h"

#include <signal.h>

static void handle(int number)
{
    (void)number;
    free(make_block(100));
    make_block(40);
}

static OWN_FRAME void interrupted(void)
{
    raise(SIGUSR1);
    __asm__ volatile("" : : : "memory");
}

int main(void)
{
    must(signal(SIGUSR1, handle) != SIG_ERR);
    interrupted();
    return 0;
}
