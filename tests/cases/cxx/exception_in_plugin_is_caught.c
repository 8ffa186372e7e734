// A C++ library that a C program loads throws and catches exceptions as without Seep.
//
// run: {folder}/helper_plugin.so
// expect: lost 40 bytes in 1 block, in plugin_lose
#include "claim.h"

#include <dlfcn.h>

int main(int argc, char **argv)
{
    int (*work)(int);

    must(argc == 2);
    void *plugin = dlopen(argv[1], RTLD_NOW);
    must(plugin != NULL);
    void *found = dlsym(plugin, "plugin_work");
    memcpy(&work, &found, sizeof found);
    for (int i = 0; i < 100; i++)
        must(work(i) == i % 2);
    return 0;
}
