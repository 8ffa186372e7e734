// A library that binds to the C library first (RTLD_DEEPBIND) allocates past the preloaded library.
// Its blocks may be freed by the program, and nothing breaks.
//
// run: {folder}/helper_leaking.so
// expect: nothing lost
#include "claim.h"

#include <dlfcn.h>

int main(int argc, char **argv)
{
    void *(*make)(size_t);

    must(argc == 2);
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_DEEPBIND);
    must(library != NULL);
    void *found = dlsym(library, "helper_make");
    memcpy(&make, &found, sizeof found);
    for (size_t i = 0; i < 100; i++) {
        void *block = opaque(realloc(make(i), 2 * i + 1));
        must(block != NULL);
        free(block);
        free(make(i));
    }
    return 0;
}
