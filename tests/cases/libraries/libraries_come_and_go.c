// A library that is loaded and unloaded many times, at changing addresses, loses as one call path.
//
// run: {folder}/helper_leaking.so
// expect: lost 960 bytes in 20 blocks, in helper_lose, from helper_leaking.so
#include "claim.h"

#include <dlfcn.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
    must(argc == 2);
    for (int i = 0; i < 20; i++) {
        void (*lose)(void);
        void *library = dlopen(argv[1], RTLD_NOW);
        must(library != NULL);
        void *found = dlsym(library, "helper_lose");
        memcpy(&lose, &found, sizeof found);
        lose();
        must(dlclose(library) == 0);
        // The next time something else may lie where the library lay.
        must(mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
    }
    return 0;
}
