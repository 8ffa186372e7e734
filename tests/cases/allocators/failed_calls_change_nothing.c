// Calls that fail give the error of the real function and leave the old block as it was.
//
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <errno.h>
#include <malloc.h>

int main(void)
{
    volatile size_t too_much = SIZE_MAX - 100;
    void *block = make_block(40);
    void *none = block;

    errno = 0;
    must(opaque(malloc(too_much)) == NULL && errno == ENOMEM);
    must(opaque(calloc(too_much, 16)) == NULL);
    must(opaque(realloc(opaque(block), too_much)) == NULL);
    must(opaque(reallocarray(opaque(block), too_much, 16)) == NULL);
    block = opaque(block);
    must(posix_memalign(&none, 3, 100) == EINVAL && none == block);
    must(posix_memalign(&none, 64, too_much) == ENOMEM && none == block);
    must(opaque(aligned_alloc(64, too_much)) == NULL);
    errno = 0;
    free(opaque(malloc(10)));
    must(errno == 0);
    return 0;
}
