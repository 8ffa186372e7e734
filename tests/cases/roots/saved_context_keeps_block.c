// A context that getcontext stored, in the heap or in a global, keeps what its registers point at.
//
// run: heap
// expect: nothing lost
// run: global
// expect: nothing lost
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <ucontext.h>

static ucontext_t context;
ucontext_t *held;

static OWN_FRAME void save(const char *how)
{
    held = strcmp(how, "heap") == 0 ? opaque(calloc(1, sizeof *held)) : &context;
    must(getcontext(held) == 0);
    held->uc_mcontext.gregs[REG_R14] = (greg_t)make_block(40);
    if (strcmp(how, "gone") == 0)
        held->uc_mcontext.gregs[REG_R14] = 0;
}

int main(int argc, char **argv)
{
    must(argc == 2);
    save(argv[1]);
    scrub();
    return 0;
}
