// A pointer in a page that was written and then protected against all access keeps its block.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: given
// expect: nothing lost
#include "claim.h"

#include <sys/mman.h>

int main(int argc, char **argv)
{
    void **pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    must(pages != MAP_FAILED);
    void *block = make_block(40);
    pages[512 + 7] = is_run(argc, argv, "given") ? block : NULL;
    must(mprotect(pages + 512, 4096, PROT_NONE) == 0);
    return 0;
}
