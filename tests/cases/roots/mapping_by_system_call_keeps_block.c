// Memory that was mapped without libc's functions is a root like any other.
//
// run: given
// expect: nothing lost
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <sys/mman.h>
#include <sys/syscall.h>

static void **map_bare(size_t bytes)
{
    long address = SYS_mmap;
    register long flags __asm__("r10") = MAP_PRIVATE | MAP_ANONYMOUS;
    register long file __asm__("r8") = -1;
    register long offset __asm__("r9") = 0;

    __asm__ volatile("syscall"
                     : "+a"(address)
                     : "D"(0L), "S"(bytes), "d"((long)(PROT_READ | PROT_WRITE)), "r"(flags),
                       "r"(file), "r"(offset)
                     : "rcx", "r11", "memory");
    must(address > 0);
    return (void **)address;
}

int main(int argc, char **argv)
{
    void **memory = map_bare(1 << 16);

    memory[1000] = make_block(40);
    if (is_run(argc, argv, "gone"))
        memory[1000] = NULL;
    return 0;
}
