// glibc's pointer to the free end of the heap, which points into the last words of the block before
// it, does not keep that block.
//
// expect: lost 1032 bytes in 1 block, in make_block
#include "claim.h"

int main(void)
{
    char *block = make_block(1032);
    size_t *header = (size_t *)(void *)(block + 1024); // of the chunk behind

    // It is the free end: its size leads to the program's break.
    must((char *)header + (header[1] & ~(size_t)7) == sbrk(0));
    return 0;
}
