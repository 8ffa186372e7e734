// calloc and reallocarray of a product that does not fit give nothing and take nothing; the block
// that was to grow stays what it was.
//
// run: refused
// expect: nothing lost
// run: dropped
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <errno.h>

void *held;

int main(int argc, char **argv)
{
    volatile size_t many = (size_t)1 << 33;

    held = make_block(40);
    errno = 0;
    must(opaque(calloc(many, many)) == NULL && errno == ENOMEM);
    void *grown = opaque(reallocarray(opaque(held), many, many));
    must(grown == NULL);
    if (is_run(argc, argv, "dropped"))
        held = grown; // the mistake of p = realloc(p, …)
    scrub();
    return 0;
}
