// What a thread returned is in use until somebody joined it; who joins and drops it loses it.
//
// run: unjoined
// expect: nothing lost
// run: dropped
// expect: lost 40 bytes in 1 block, in make_block
// run: taken
// expect: nothing lost
#include "claim.h"

void *taken;
static volatile int done;

static void *work(void *unused)
{
    (void)unused;
    void *block = make_block(40);
    scrub();
    done = 1;
    return block;
}

int main(int argc, char **argv)
{
    pthread_t thread;

    must(pthread_create(&thread, NULL, work, NULL) == 0);
    wait_for(&done);
    if (is_run(argc, argv, "unjoined")) {
        usleep(20000);
    } else {
        must(pthread_join(thread, &taken) == 0 && taken != NULL);
        if (is_run(argc, argv, "dropped"))
            taken = NULL;
    }
    scrub();
    return 0;
}
