// A library that dlmopen loaded, with a libc of its own, holds what its globals point at.
//
// run: given {folder}/helper_slots.so
// expect: nothing lost
// run: gone {folder}/helper_slots.so
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <dlfcn.h>

int main(int argc, char **argv)
{
    must(argc == 3);
    void *library = dlmopen(LM_ID_NEWLM, argv[2], RTLD_NOW);
    if (library == NULL)
        return CANNOT_RUN_HERE;
    void **slot = dlsym(library, "helper_global_slot");
    must(slot != NULL);
    *slot = is_run(argc, argv, "given") ? make_block(40) : NULL;
    if (is_run(argc, argv, "gone"))
        make_block(40);
    scrub();
    return 0;
}
