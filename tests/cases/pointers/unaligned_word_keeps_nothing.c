// A pointer that does not lie at an address divisible by 8 keeps nothing.
//
// run: 0
// expect: nothing lost
// run: 1
// expect: lost 40 bytes in 1 block, in make_block
// run: 4
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

_Alignas(16) char words[64];

int main(int argc, char **argv)
{
    void *block = make_block(40);

    must(argc == 2);
    memcpy(words + 16 + atoi(argv[1]), &block, sizeof block);
    __asm__ volatile("" : : : "memory");
    return 0;
}
