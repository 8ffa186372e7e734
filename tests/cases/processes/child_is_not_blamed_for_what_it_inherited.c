// What the other threads of its parent held is unreachable in a forked child, which cannot help it:
// only what a child itself allocates can be its leak.
//
// run: clean
// expect: nothing lost
// expect: 2 processes
// run: leaking
// expect: child: lost 24 bytes in 1 block, in lose_one
// expect: 2 processes
#include "claim.h"

#include <sys/wait.h>

static volatile int ready;

static OWN_FRAME void lose_one(void)
{
    opaque(calloc(1, 24));
}

static void *work(void *unused)
{
    void *volatile local = make_block(40);

    (void)unused;
    ready = 1;
    for (;;)
        pause();
    return local;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    int status;

    must(pthread_create(&thread, NULL, work, NULL) == 0);
    wait_for(&ready);
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
