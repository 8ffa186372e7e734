// A pointer in memory of large pages keeps its block, on whichever page of 4 KiB it lies.
//
// run: given
// expect: nothing lost
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <sys/mman.h>

enum { BYTES = 8 << 20 };

int main(int argc, char **argv)
{
    void **memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    must(memory != MAP_FAILED);
    madvise(memory, BYTES, MADV_HUGEPAGE);
    memset(memory, 1, BYTES);
    memory[700001] = make_block(40);
    if (is_run(argc, argv, "gone"))
        memory[700001] = NULL;
    return 0;
}
