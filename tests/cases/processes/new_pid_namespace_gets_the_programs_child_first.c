// After unshare(CLONE_NEWPID) the next child is process 1 of the new namespace: that is the
// program's own, not a snapshot, however many collections come between.
//
// option: interval=5ms
// option: pace=0
// run:
// expect: reason marked in place
// expect: lost 40 bytes in 1 block, in make_block
// expect: 2 processes
#include "claim.h"

#include <sched.h>
#include <sys/wait.h>

int main(void)
{
    int status;
    make_block(40);
    if (unshare(CLONE_NEWPID) != 0)
        return 77; // not root: cannot be tried here
    for (int i = 0; i < 50; i++) {
        free(malloc(100));
        usleep(1000);
    }
    pid_t pid = fork();
    if (pid == 0)
        _exit(getpid() == 1 ? 0 : 1);
    must(waitpid(pid, &status, 0) == pid && status == 0);
    return 0;
}
