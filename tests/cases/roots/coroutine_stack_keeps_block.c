// What a suspended coroutine holds on its stack is in use, wherever that stack lies, while
// something points at the stack.
//
// run: heap
// expect: nothing lost
// run: mapped
// expect: nothing lost
// run: small
// expect: nothing lost
// run: static
// expect: nothing lost
// run: heap drop
// expect: lost 40 bytes in 1 block, in make_block
// run: mapped drop
// expect: lost 40 bytes in 1 block, in make_block
// run: small drop
// expect: lost 40 bytes in 1 block, in make_block
// run: static drop
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <sys/mman.h>
#include <ucontext.h>

enum { BYTES = 65536, SMALL = 2048 };

static ucontext_t outside, inside;
static char static_stack[BYTES];
static hidden_pointer hidden;
static bool drops;
void *stack;

static void work(void)
{
    void *volatile local = NULL;

    if (!drops)
        local = reveal(hidden);
    swapcontext(&inside, &outside);
    free(local); // never
}

static OWN_FRAME void choose(const char *where)
{
    if (strcmp(where, "heap") == 0)
        stack = opaque(calloc(1, BYTES));
    if (strcmp(where, "mapped") == 0)
        stack = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (strcmp(where, "small") == 0)
        stack = opaque(calloc(1, SMALL));
    if (strcmp(where, "static") == 0)
        stack = static_stack;
    must(getcontext(&inside) == 0);
    inside.uc_stack.ss_sp = stack;
    inside.uc_stack.ss_size = strcmp(where, "small") == 0 ? SMALL : BYTES;
    inside.uc_link = &outside;
    makecontext(&inside, work, 0);
}

int main(int argc, char **argv)
{
    must(argc >= 2);
    drops = argc == 3;
    hidden = hide(make_block(40));
    scrub(); // getcontext keeps registers that calls may change, too
    choose(argv[1]);
    swapcontext(&outside, &inside);
    scrub();
    return 0;
}
