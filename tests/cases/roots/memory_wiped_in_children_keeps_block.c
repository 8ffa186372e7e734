// A pointer in memory that fork's children get as zeros keeps its block.
//
// run: given
// expect: nothing lost
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <sys/mman.h>

enum { BYTES = 1 << 20 };

int main(int argc, char **argv)
{
    void **memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    must(memory != MAP_FAILED && madvise(memory, BYTES, MADV_WIPEONFORK) == 0);
    memory[1000] = make_block(40);
    if (is_run(argc, argv, "gone"))
        memory[1000] = NULL;
    return 0;
}
