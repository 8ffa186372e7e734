// A forked child reports what it lost itself in a section of its own; the blocks that it inherited
// and forgot are not its leaks. The parent frees them.
//
// run: clean
// expect: nothing lost
// expect: 2 processes
// run: child
// expect: child: lost 40 bytes in 1 block, in make_block
// expect: 2 processes
// run: parent
// expect: parent: lost 40 bytes in 1 block, in make_block
// expect: 2 processes
#include "claim.h"

#include <sys/wait.h>

void *inherited;

static OWN_FRAME void *make_inherited(void)
{
    void *block = opaque(calloc(1, 64));
    must(block != NULL);
    return block;
}

int main(int argc, char **argv)
{
    int status = -1;

    inherited = make_inherited();
    pid_t child = fork();
    must(child >= 0);
    if (child == 0) {
        inherited = NULL;
        if (is_run(argc, argv, "child"))
            make_block(40);
        free(make_block(24));
        return 0;
    }
    must(waitpid(child, &status, 0) == child && status == 0);
    if (is_run(argc, argv, "parent"))
        make_block(40);
    free(inherited);
    inherited = NULL;
    return 0;
}
