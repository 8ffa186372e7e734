// A path that cannot be read is refused by exec with the same error as without Seep.
//
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <errno.h>
#include <fcntl.h>

int main(void)
{
    char *none[] = {NULL};
    char *const paths[] = {opaque(NULL), opaque((void *)16)};

    make_block(40);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        printf("%d %s\n", execve(paths[i], none, none), strerror(errno));
        printf("%d %s\n", execv(paths[i], none), strerror(errno));
        printf("%d %s\n", execveat(AT_FDCWD, paths[i], none, none, 0), strerror(errno));
    }
    return 0;
}
