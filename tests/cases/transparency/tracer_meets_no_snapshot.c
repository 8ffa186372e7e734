// A debugger that follows the threads and children of a program meets those of the program only.
//
// expect: nothing lost
// expect: 2 processes
#include "claim.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

static void be_traced(char **argv)
{
    must(ptrace(PTRACE_TRACEME, 0, 0, 0) == 0);
    argv[1] = (char[]){"leaf"};
    execv("/proc/self/exe", argv);
    _exit(127);
}

int main(int argc, char **argv)
{
    char *again[] = {argv[0], NULL, NULL};
    int status, events = 0;

    if (is_run(argc, argv, "leaf"))
        return 5;
    pid_t child = fork();
    if (child == 0)
        be_traced(again);
    must(waitpid(child, &status, 0) == child && WIFSTOPPED(status)); // its exec
    must(ptrace(PTRACE_SETOPTIONS, child, 0,
                PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK) == 0);
    do {
        must(ptrace(PTRACE_CONT, child, 0, 0) == 0);
        must(waitpid(child, &status, 0) == child);
        events += WIFSTOPPED(status);
    } while (WIFSTOPPED(status));
    printf("%d events, status %d\n", events, WEXITSTATUS(status));
    return 0;
}
