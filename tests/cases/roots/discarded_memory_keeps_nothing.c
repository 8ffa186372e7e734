// A page that was given back with MADV_DONTNEED keeps nothing, although it is still mapped.
//
// run: kept
// expect: nothing lost
// run: discarded
// expect: lost 40 bytes in 1 block, in make_block
// run: replaced
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <sys/mman.h>

enum { BYTES = 4 * 4096 };

int main(int argc, char **argv)
{
    void **memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    must(memory != MAP_FAILED);
    memory[600] = make_block(40);
    if (is_run(argc, argv, "discarded"))
        must(madvise(memory, BYTES, MADV_DONTNEED) == 0);
    if (is_run(argc, argv, "replaced"))
        must(mmap(memory, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                  -1, 0) == memory);
    return 0;
}
