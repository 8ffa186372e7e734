// valloc gives what was asked for, pvalloc whole pages: that is what is lost.
//
// run: valloc
// expect: lost 5000 bytes in 1 block, in make_one
// run: pvalloc
// expect: lost 8192 bytes in 1 block, in make_one
// run: pvalloc-empty
// expect: lost 4096 bytes in 1 block, in make_one
// run: pvalloc freed
// expect: nothing lost
#include "claim.h"

#include <malloc.h>

static OWN_FRAME void *make_one(const char *how)
{
    if (strcmp(how, "valloc") == 0)
        return opaque(valloc(5000));
    return opaque(pvalloc(strcmp(how, "pvalloc") == 0 ? 5000 : 1));
}

int main(int argc, char **argv)
{
    must(argc >= 2);
    void *block = make_one(argv[1]);
    must(block != NULL);
    if (argc == 3)
        free(block);
    return 0;
}
