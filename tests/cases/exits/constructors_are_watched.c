// What a constructor allocates before main is recorded: lost or held as anything else.
//
// expect: lost 40 bytes in 1 block, in lose_early
#include "claim.h"

void *held;

static OWN_FRAME void *lose_early(void)
{
    void *block = opaque(calloc(1, 40));
    must(block != NULL);
    return block;
}

__attribute__((constructor)) static void early(void)
{
    lose_early();
    held = make_block(56);
}

int main(void)
{
    return held == NULL;
}
