// A program that ends while it is on a coroutine's stack: what that stack holds is in use, and what
// the thread's own stack holds below it.
//
// run: both
// expect: nothing lost
// run: outer
// expect: lost 24 bytes in 1 block, in make_inner
// run: inner
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <ucontext.h>

static ucontext_t outside, inside;
static bool drops_inner, drops_outer;

static OWN_FRAME void *make_inner(void)
{
    void *block = opaque(calloc(1, 24));
    must(block != NULL);
    return block;
}

static void work(void)
{
    void *volatile local = make_inner();

    if (drops_inner)
        local = NULL;
    scrub();
    exit(local == NULL && !drops_inner);
}

int main(int argc, char **argv)
{
    void *volatile local = make_block(40);
    char *stack = opaque(calloc(1, 65536));

    drops_inner = is_run(argc, argv, "outer");
    drops_outer = is_run(argc, argv, "inner");
    must(getcontext(&inside) == 0);
    inside.uc_stack = (stack_t){.ss_sp = stack, .ss_size = 65536};
    makecontext(&inside, work, 0);
    if (drops_outer)
        local = NULL;
    scrub();
    swapcontext(&outside, &inside);
    return local != NULL;
}
