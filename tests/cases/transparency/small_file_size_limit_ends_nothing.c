// Under a limit for the size of files no write to the leak file ends the program with SIGXFSZ: not
// the note of an exec, not the last collection, which the limit that may be raised does not hold
// back.
//
// expect: lost 40 bytes in 1 block, in make_block
// expect: 2 processes
// expect: reason records could not be written
#include "claim.h"

#include <sys/resource.h>
#include <sys/wait.h>

int main(void)
{
    struct rlimit limit;
    int status = -1;

    make_block(40);
    must(getrlimit(RLIMIT_FSIZE, &limit) == 0);
    limit.rlim_cur = 1;
    must(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    pid_t child = fork();
    if (child == 0) {
        execl("/nonexistent", "nonexistent", (char *)NULL);
        _exit(6);
    }
    must(waitpid(child, &status, 0) == child);
    printf("%d\n", status);
    return 0;
}
