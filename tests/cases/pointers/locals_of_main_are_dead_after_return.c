// What only a local variable of main held is lost when main has returned, and not when exit was
// called in it.
//
// run: return
// expect: lost 40 bytes in 1 block, in make_block
// run: exit
// expect: nothing lost
#include "claim.h"

int main(int argc, char **argv)
{
    void *volatile local = make_block(40);

    __asm__ volatile("" : : "m"(local) : "memory");
    if (is_run(argc, argv, "exit"))
        exit(0);
    return 0;
}
