// A pointer in memory that was written and then made read-only, or executable, keeps its block.
//
// run: read
// expect: nothing lost
// run: execute
// expect: nothing lost
// run: read gone
// expect: lost 40 bytes in 1 block, in make_block
// run: execute gone
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <sys/mman.h>

int main(int argc, char **argv)
{
    void **memory = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    must(memory != MAP_FAILED && argc >= 2);
    memory[600] = make_block(40);
    if (argc == 3)
        memory[600] = NULL;
    int protection = is_run(argc, argv, "read") ? PROT_READ : PROT_READ | PROT_EXEC;
    must(mprotect(memory, 8192, protection) == 0);
    return 0;
}
