// Blocks from each function that allocates are forgotten when they are freed, also by realloc.
//
// expect: nothing lost
#include "claim.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>

static void free_by(const char *name, void *block, size_t bytes)
{
    void (*function)(void *, size_t);
    void *found = dlsym(RTLD_DEFAULT, name); // C23, not in every C library

    memcpy(&function, &found, sizeof found);
    if (function != NULL)
        function(block, bytes);
    else
        free(block);
}

int main(void)
{
    void *block = NULL;

    free(NULL);
    free(opaque(malloc(101)));
    free(opaque(calloc(3, 101)));
    free(opaque(realloc(opaque(malloc(20)), 5000)));
    free(opaque(reallocarray(NULL, 7, 101)));
    must(posix_memalign(&block, 256, 101) == 0);
    free(block);
    free(opaque(aligned_alloc(64, 101)));
    free(opaque(memalign(128, 101)));
    free(opaque(valloc(101)));
    free(opaque(pvalloc(101)));
    free(opaque(malloc(40000000)));
    must(realloc(opaque(malloc(100)), 0) == NULL); // frees, in glibc
    free_by("free_sized", opaque(malloc(100)), 100);
    return 0;
}
