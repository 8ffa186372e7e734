// Memory that the program took from the kernel by sbrk, amid the allocator's own, is a root.
//
// run: given
// expect: nothing lost
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

int main(int argc, char **argv)
{
    void *early = make_block(100);
    char *area = sbrk(65536);

    must(area != (void *)-1);
    void **words = (void **)(((uintptr_t)area + 15) & ~(uintptr_t)15);
    for (int i = 0; i < 3000; i++) // the allocator goes on behind the area
        free(make_block(1000));
    free(early);
    words[1000] = make_block(40);
    if (is_run(argc, argv, "gone"))
        words[1000] = NULL;
    scrub();
    return 0;
}
