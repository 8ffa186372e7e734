// A child may free and resize the blocks that it inherited. One that it resizes and forgets stays
// an inherited one, and is not its leak.
//
// expect: nothing lost
// expect: 2 processes
#include "claim.h"

#include <sys/wait.h>

void *blocks[2];

static OWN_FRAME void resize(void)
{
    blocks[1] = opaque(realloc(blocks[1], 9000));
    must(blocks[1] != NULL);
}

int main(void)
{
    int status = -1;

    blocks[0] = make_block(100);
    blocks[1] = make_block(100);
    pid_t child = fork();
    must(child >= 0);
    if (child == 0) {
        free(blocks[0]);
        resize();
        blocks[1] = NULL;
        return 0;
    }
    must(waitpid(child, &status, 0) == child && status == 0);
    return 0;
}
