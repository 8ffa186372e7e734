// With MALLOC_PERTURB_ glibc fills blocks when they are allocated and freed.
//
// env: MALLOC_PERTURB_=165
// expect: lost 40 bytes in 1 block, in lose
#include "claim.h"

void *held;

static OWN_FRAME void *lose(void)
{
    unsigned char *block = opaque(malloc(40));
    must(block != NULL && block[0] == (165 ^ 0xff));
    return block;
}

int main(void)
{
    lose();
    held = make_block(40);
    for (size_t bytes = 1; bytes < 5000; bytes += 7)
        free(make_block(bytes));
    return 0;
}
