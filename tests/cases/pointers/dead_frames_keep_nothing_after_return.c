// Words that dead frames left on the stack keep nothing once main has returned.
//
// expect: lost 4000 bytes in 100 blocks, in make_block
#include "claim.h"

static OWN_FRAME void leave_words(void)
{
    void *volatile words[100];

    for (int i = 0; i < 100; i++)
        words[i] = make_block(40);
    __asm__ volatile("" : : "r"(words) : "memory");
}

int main(void)
{
    leave_words();
    return 0;
}
