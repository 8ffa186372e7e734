// A pointer in memory that mremap moved or grew still keeps its block; once the memory is unmapped,
// or cut before the pointer, it keeps nothing.
//
// run: moved
// expect: nothing lost
// run: grown
// expect: nothing lost
// run: cut
// expect: lost 40 bytes in 1 block, in make_block
// run: unmapped
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <sys/mman.h>

enum { BYTES = 8 * 4096, WORDS = BYTES / 8 };

static void **map(size_t bytes)
{
    return mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(int argc, char **argv)
{
    void **memory = map(BYTES);
    void **place = map(16 * BYTES);

    must(memory != MAP_FAILED && place != MAP_FAILED);
    memory[WORDS - 1] = make_block(40);
    if (is_run(argc, argv, "moved"))
        memory = mremap(memory, BYTES, BYTES, MREMAP_MAYMOVE | MREMAP_FIXED, place);
    if (is_run(argc, argv, "grown"))
        memory = mremap(memory, BYTES, 64 * BYTES, MREMAP_MAYMOVE);
    if (is_run(argc, argv, "cut"))
        memory = mremap(memory, BYTES, BYTES / 2, 0);
    must(memory != MAP_FAILED);
    if (is_run(argc, argv, "unmapped"))
        must(munmap(memory, BYTES) == 0);
    return 0;
}
