// The program overwrote what the allocator keeps in front of its blocks: Seep reads none of it, and
// finds the same.
//
// run: lost
// expect: status 5
// expect: lost 400 bytes in 10 blocks, in make_block
// run: held
// expect: status 5
// expect: nothing lost
#include "fault.h"

static void *volatile held[10];

static OWN_FRAME void make_broken(bool holds)
{
    for (int i = 0; i < 10; i++) {
        size_t *block = make_block(40);
        *(size_t *)opaque(block - 1) = 0xdeadbeefdeadbeef;
        held[i] = holds ? block : NULL;
    }
}

int main(int argc, char **argv)
{
    make_broken(is_run(argc, argv, "held"));
    scrub();
    for (int i = 0; i < 30; i++) {
        void *volatile more = malloc(100000); /* mapped: the broken heap is left alone */
        (void)more;
        free(more);
        usleep(2000);
    }
    must(write(STDOUT_FILENO, "done\n", 5) == 5);
    return FAULT_STATUS;
}
