// Threads that block every signal are stopped and searched all the same.
//
// run: spinning
// expect: nothing lost
// run: waiting
// expect: nothing lost
// run: inherited
// expect: nothing lost
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
#include "one_thread.h"

#include <poll.h>
#include <signal.h>

static const char *how;

static void block_all_signals(void)
{
    sigset_t all;

    sigfillset(&all);
    must(pthread_sigmask(SIG_SETMASK, &all, NULL) == 0);
}

static OWN_FRAME void fill(void *volatile *local)
{
    void *block = make_block(40);

    *local = strcmp(how, "gone") == 0 ? NULL : block;
}

static void *hold(void *unused)
{
    void *volatile local;

    (void)unused;
    block_all_signals();
    fill(&local);
    scrub();
    ready = 1;
    while (strcmp(how, "spinning") == 0)
        __asm__ volatile("pause" : : : "memory");
    for (;;)
        poll(NULL, 0, 1000000);
    return local;
}

int main(int argc, char **argv)
{
    must(argc == 2);
    how = argv[1];
    if (strcmp(how, "inherited") == 0)
        block_all_signals();
    start_thread(hold, false);
    return 0;
}
