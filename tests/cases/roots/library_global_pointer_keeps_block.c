// A pointer in a global variable of a library that was loaded at run time keeps its block.
//
// run: gone {folder}/helper_slots.so
// expect: lost 40 bytes in 1 block, in make_block
// run: given {folder}/helper_slots.so
// expect: nothing lost
#include "claim.h"

#include <dlfcn.h>

int main(int argc, char **argv)
{
    must(argc == 3);
    void *library = dlopen(argv[2], RTLD_NOW);
    must(library != NULL);
    void **slot = dlsym(library, "helper_global_slot");
    must(slot != NULL);
    void *block = make_block(40);
    if (is_run(argc, argv, "given"))
        *slot = block;
    return 0;
}
