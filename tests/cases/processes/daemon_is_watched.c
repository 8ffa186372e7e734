// A program that forks twice, starts a session and closes all its descriptors is still watched.
//
// expect: lost 40 bytes in 1 block, in make_block
// expect: 3 processes
#include "claim.h"

#include <sys/wait.h>

// The child of the child. The pipe's end tells the first process when it is over.
static void serve(void)
{
    for (int descriptor = 0; descriptor < 1024; descriptor++)
        if (descriptor != 9)
            close(descriptor);
    make_block(40);
}

int main(void)
{
    int ends[2];
    char byte;

    must(pipe(ends) == 0 && dup2(ends[1], 9) == 9);
    close(ends[1]);
    pid_t child = fork();
    if (child == 0) {
        setsid();
        if (fork() == 0)
            serve();
        return 0;
    }
    close(9);
    must(waitpid(child, NULL, 0) == child);
    must(read(ends[0], &byte, 1) == 0); // both have closed it
    return 0;
}
