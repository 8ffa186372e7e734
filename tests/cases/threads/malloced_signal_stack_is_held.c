// A signal stack that was allocated is held by the kernel's note of it, and what its frames hold
// too.
//
// run: idle
// expect: nothing lost
// run: on-it
// expect: nothing lost
#include "one_thread.h"

#include <signal.h>

static bool is_on_it;

static OWN_FRAME void set_stack(void)
{
    stack_t stack = {.ss_size = 65536, .ss_sp = make_block(65536)};

    must(sigaltstack(&stack, NULL) == 0);
}

static OWN_FRAME void fill(void *volatile *local)
{
    *local = make_block(40);
}

static void handle(int number)
{
    void *volatile local;

    (void)number;
    fill(&local);
    scrub();
    stay();
}

static void *work(void *unused)
{
    (void)unused;
    set_stack();
    scrub();
    if (is_on_it)
        raise(SIGUSR1);
    stay();
    return NULL;
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};

    is_on_it = is_run(argc, argv, "on-it");
    must(sigaction(SIGUSR1, &action, NULL) == 0);
    start_thread(work, false);
    return 0;
}
