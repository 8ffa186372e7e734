// 64 GiB of reserved memory are searched for the few pages that were written.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: given
// expect: nothing lost
#include "claim.h"

#include <sys/mman.h>

int main(int argc, char **argv)
{
    size_t bytes = (size_t)64 << 30;
    char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED)
        return CANNOT_RUN_HERE;
    void *block = make_block(40);
    void **word = (void **)(memory + bytes / 2 + 4096 * 17 + 8);
    *word = is_run(argc, argv, "given") ? block : NULL;
    return 0;
}
