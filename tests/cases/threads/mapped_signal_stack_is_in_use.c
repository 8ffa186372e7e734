// A handler that waits on a signal stack from mmap, or a static one, holds what its frames hold,
// and the frames that it interrupted theirs.
//
// run: mapped
// expect: nothing lost
// run: static
// expect: nothing lost
// run: mapped inner
// expect: lost 40 bytes in 1 block, in make_block
// run: static inner
// expect: lost 40 bytes in 1 block, in make_block
// run: mapped outer
// expect: lost 24 bytes in 1 block, in make_outer
#include "one_thread.h"

#include <signal.h>
#include <sys/mman.h>

enum { BYTES = 65536 };

static char static_stack[BYTES];
static hidden_pointer inner, outer;

static OWN_FRAME void *make_outer(void)
{
    void *block = opaque(calloc(1, 24));
    must(block != NULL);
    return block;
}

static void handle(int number)
{
    void *volatile local = inner == 0 ? NULL : reveal(inner);

    (void)number;
    scrub();
    stay();
    free(local); // never
}

static void *work(void *stack)
{
    stack_t signals = {.ss_sp = stack, .ss_size = BYTES};
    void *volatile local = outer == 0 ? NULL : reveal(outer);

    must(sigaltstack(&signals, NULL) == 0);
    scrub();
    raise(SIGUSR1);
    return local;
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
    pthread_t thread;
    void *stack = static_stack;

    must(argc >= 2);
    if (is_run(argc, argv, "mapped"))
        stack = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    inner = hide(make_block(40));
    outer = hide(make_outer());
    if (argc == 3)
        *(strcmp(argv[2], "inner") == 0 ? &inner : &outer) = 0;
    must(sigaction(SIGUSR1, &action, NULL) == 0);
    must(pthread_create(&thread, NULL, work, stack) == 0);
    wait_for(&ready);
    scrub();
    return 0;
}
