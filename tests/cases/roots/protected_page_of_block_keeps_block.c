// A pointer in a protected page of a reachable block keeps its block, and reading the block's other
// pages goes on behind it.
//
// run: gone
// expect: lost 48 bytes in 1 block, in make_block
// run: given
// expect: nothing lost
#include "claim.h"

#include <sys/mman.h>

void **pages;

int main(int argc, char **argv)
{
    must(posix_memalign((void **)&pages, 4096, 4 * 4096) == 0);
    memset(pages, 0, 4 * 4096);
    void *block = make_block(48);
    pages[512 + 9] = is_run(argc, argv, "given") ? block : NULL;
    pages[3 * 512 + 9] = make_block(40);
    must(mprotect(pages + 512, 2 * 4096, PROT_NONE) == 0);
    return 0;
}
