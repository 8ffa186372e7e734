// The globals of a library that was unloaded keep nothing any more.
//
// run: unloaded {folder}/helper_slots.so
// expect: lost 40 bytes in 1 block, in make_block
// run: loaded {folder}/helper_slots.so
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
    *slot = make_block(40);
    if (is_run(argc, argv, "unloaded"))
        must(dlclose(library) == 0);
    return 0;
}
