// What the other threads of its parent held is unreachable in a forked child, which cannot help it:
// only what a child itself allocates can be its leak.
//
// run: clean
// expect: nothing lost
// expect: 2 processes
// run: leaking
// expect: child: lost 24 bytes in 1 block, in lose_one
// expect: 2 processes
#include "one_thread.h"

#include <sys/wait.h>

static OWN_FRAME void lose_one(void)
{
    opaque(calloc(1, 24));
}

static void *work(void *unused)
{
    void *volatile local = make_block(40);

    (void)unused;
    stay();
    return local;
}

int main(int argc, char **argv)
{
    int status;

    start_thread(work, false);
    pid_t child = fork();
    if (child == 0) {
        if (is_run(argc, argv, "leaking"))
            lose_one();
        scrub();
        exit(0);
    }
    must(waitpid(child, &status, 0) == child && status == 0);
    return 0;
}
