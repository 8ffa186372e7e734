// A program may end in a signal handler, in a thread, or in a comparison that libc calls: the
// frames below are in use, with all that they hold.
//
// run: handler
// expect: nothing lost
// run: comparison
// expect: nothing lost
// run: handler drop
// expect: lost 40 bytes in 1 block, in make_block
// run: comparison drop
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <signal.h>

static bool drops;

static void handle(int number)
{
    (void)number;
    scrub();
    exit(0);
}

static int compare(const void *one, const void *other)
{
    if (one != other) {
        scrub();
        exit(0);
    }
    return 0;
}

static OWN_FRAME void work(bool is_handler)
{
    void *volatile local = drops ? (make_block(40), NULL) : make_block(40);
    int numbers[] = {3, 1, 2};

    scrub();
    if (is_handler) {
        signal(SIGUSR1, handle);
        raise(SIGUSR1);
    }
    qsort(numbers, 3, sizeof *numbers, compare);
    free(local); // never
}

int main(int argc, char **argv)
{
    drops = argc == 3;
    work(is_run(argc, argv, "handler"));
    return 1;
}
