// A pointer in memory that the program mapped keeps its block, until the memory is unmapped.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: anonymous
// expect: nothing lost
// run: file
// expect: nothing lost
// run: shared
// expect: nothing lost
// run: shared-file
// expect: nothing lost
#include "claim.h"

#include <sys/mman.h>

enum { BYTES = 1 << 20 };

static void *map(int flags, bool is_file)
{
    int file = -1;

    if (is_file) {
        file = memfd_create("mapped", 0);
        must(file >= 0 && ftruncate(file, BYTES) == 0);
    }
    void *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, flags, file, 0);
    must(memory != MAP_FAILED);
    if (is_file)
        close(file);
    return memory;
}

int main(int argc, char **argv)
{
    bool is_shared = argc > 1 && strstr(argv[1], "shared") != NULL;
    bool is_file = argc > 1 && strstr(argv[1], "file") != NULL;
    int flags = is_shared ? MAP_SHARED : MAP_PRIVATE;
    void **memory = map(is_file ? flags : flags | MAP_ANONYMOUS, is_file);

    memory[1000] = make_block(40);
    if (is_run(argc, argv, "gone"))
        must(munmap(memory, BYTES) == 0);
    return 0;
}
