// Each process of a family reports what it lost itself, once.
//
// run: all
// expect: lost 30 bytes in 3 blocks, in lose_one
// expect: 3 processes
// run: last
// expect: child: lost 10 bytes in 1 block, in lose_one
// expect: 3 processes
// run: none
// expect: nothing lost
// expect: 3 processes
#include "claim.h"

#include <sys/wait.h>

static OWN_FRAME void lose_one(void)
{
    opaque(calloc(1, 10));
}

int main(int argc, char **argv)
{
    int generation = 0;
    pid_t child = 0;
    int status = 0;

    while (generation < 2 && (child = fork()) == 0)
        generation++;
    if (child != 0)
        must(waitpid(child, &status, 0) == child && status == 0);
    if (is_run(argc, argv, "all") || (is_run(argc, argv, "last") && generation == 2))
        lose_one();
    scrub();
    return 0;
}
