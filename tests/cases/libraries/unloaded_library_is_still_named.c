// A loss in a library that was unloaded since is named with its function and module.
//
// run: unloaded {folder}/helper_leaking.so
// expect: lost 48 bytes in 1 block, in helper_lose, from helper_leaking.so
// run: loaded {folder}/helper_leaking.so
// expect: lost 48 bytes in 1 block, in helper_lose, from helper_leaking.so
#include "claim.h"

#include <dlfcn.h>

int main(int argc, char **argv)
{
    void (*lose)(void);

    must(argc == 3);
    void *library = dlopen(argv[2], RTLD_NOW);
    must(library != NULL);
    void *found = dlsym(library, "helper_lose");
    memcpy(&lose, &found, sizeof found);
    lose();
    if (is_run(argc, argv, "unloaded")) {
        must(dlclose(library) == 0);
        must(dlopen(argv[2], RTLD_NOW | RTLD_NOLOAD) == NULL);
    }
    return 0;
}
