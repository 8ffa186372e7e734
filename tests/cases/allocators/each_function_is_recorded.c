// Each function that allocates is recorded with the size that was asked for.
//
// run: malloc
// expect: lost 101 bytes in 1 block, in lose
// run: calloc
// expect: lost 303 bytes in 1 block, in lose
// run: realloc-new
// expect: lost 101 bytes in 1 block, in lose
// run: realloc-grow
// expect: lost 5001 bytes in 1 block, in lose
// run: realloc-shrink
// expect: lost 11 bytes in 1 block, in lose
// run: realloc-huge
// expect: lost 50000001 bytes in 1 block, in lose
// run: reallocarray
// expect: lost 707 bytes in 1 block, in lose
// run: posix_memalign
// expect: lost 101 bytes in 1 block, in lose
// run: aligned_alloc
// expect: lost 101 bytes in 1 block, in lose
// run: memalign
// expect: lost 101 bytes in 1 block, in lose
// run: valloc
// expect: lost 101 bytes in 1 block, in lose
// run: pvalloc
// expect: lost 4096 bytes in 1 block, in lose
// run: strdup
// expect: lost 14 bytes in 1 block, in lose
// run: malloc-empty
// expect: lost 0 bytes in 1 block, in lose
// run: malloc-huge
// expect: lost 40000007 bytes in 1 block, in lose
#include "claim.h"

#include <malloc.h>

static const char *how;

static bool is(const char *name)
{
    return strcmp(how, name) == 0;
}

static OWN_FRAME void *allocate(void)
{
    void *block = NULL;

    if (is("malloc"))
        return opaque(malloc(101));
    if (is("calloc"))
        return opaque(calloc(3, 101));
    if (is("reallocarray"))
        return opaque(reallocarray(NULL, 7, 101));
    if (is("posix_memalign"))
        return posix_memalign(&block, 256, 101) == 0 ? opaque(block) : NULL;
    if (is("aligned_alloc"))
        return opaque(aligned_alloc(64, 101));
    if (is("memalign"))
        return opaque(memalign(128, 101));
    if (is("valloc"))
        return opaque(valloc(101));
    if (is("pvalloc"))
        return opaque(pvalloc(101));
    if (is("strdup"))
        return opaque(strdup("fourteen byte"));
    if (is("malloc-empty"))
        return opaque(malloc(0));
    if (is("malloc-huge"))
        return opaque(malloc(40000007));
    return NULL;
}

static OWN_FRAME void *reallocate(void)
{
    if (is("realloc-new"))
        return opaque(realloc(NULL, 101));
    if (is("realloc-grow"))
        return opaque(realloc(opaque(malloc(20)), 5001));
    if (is("realloc-shrink"))
        return opaque(realloc(opaque(malloc(2000)), 11));
    if (is("realloc-huge"))
        return opaque(realloc(opaque(malloc(200000)), 50000001));
    return NULL;
}

static OWN_FRAME void lose(void)
{
    void *block = strncmp(how, "realloc-", 8) == 0 ? reallocate() : allocate();

    must(block != NULL);
}

int main(int argc, char **argv)
{
    must(argc == 2);
    how = argv[1];
    lose();
    scrub();
    return 0;
}
