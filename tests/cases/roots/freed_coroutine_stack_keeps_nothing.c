// A coroutine whose stack was freed or unmapped keeps nothing; one whose stack is lost is lost with
// all that it held.
//
// run: freed
// expect: lost 40 bytes in 1 block, in make_block
// run: unmapped
// expect: lost 40 bytes in 1 block, in make_block
// run: forgotten
// expect: lost 32768 bytes in 1 block, indirect 40 bytes in 1 block, in make_stack
// run: kept
// expect: nothing lost
#include "claim.h"

#include <sys/mman.h>
#include <ucontext.h>

enum { BYTES = 32768 };

static ucontext_t outside, inside;
static hidden_pointer hidden;
void *stack;

static void work(void)
{
    void *volatile local = reveal(hidden);

    swapcontext(&inside, &outside);
    free(local); // never
}

static OWN_FRAME void *make_stack(void)
{
    return opaque(calloc(1, BYTES));
}

static OWN_FRAME void suspend(bool is_mapped)
{
    stack = is_mapped
                ? mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                : make_stack();
    must(getcontext(&inside) == 0);
    inside.uc_stack = (stack_t){.ss_sp = stack, .ss_size = BYTES};
    inside.uc_link = &outside;
    makecontext(&inside, work, 0);
    swapcontext(&outside, &inside);
}

int main(int argc, char **argv)
{
    bool is_mapped = is_run(argc, argv, "unmapped");

    hidden = hide(make_block(40));
    suspend(is_mapped);
    if (is_mapped)
        munmap(stack, BYTES);
    if (is_run(argc, argv, "freed"))
        free(stack);
    if (!is_run(argc, argv, "kept")) {
        stack = NULL;
        memset(&inside, 0, sizeof inside);
        memset(&outside, 0, sizeof outside);
    }
    scrub();
    return 0;
}
