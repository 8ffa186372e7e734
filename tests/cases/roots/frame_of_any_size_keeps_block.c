// What lies in memory that alloca gave, and in arrays of variable length, is in use while their
// function runs.
//
// run: 16
// expect: nothing lost
// run: 100000
// expect: nothing lost
// run: 100000 gone
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <alloca.h>

static OWN_FRAME void leave(size_t bytes, bool drops)
{
    void **array = alloca(bytes);

    memset(opaque(array), 0, bytes);
    array[bytes / 16] = make_block(40);
    if (drops)
        array[bytes / 16] = NULL;
    scrub();
    exit(opaque(array) == NULL);
}

int main(int argc, char **argv)
{
    must(argc >= 2);
    leave((size_t)atoi(argv[1]), argc == 3);
    return 0;
}
