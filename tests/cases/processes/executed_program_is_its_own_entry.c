// A program that another one executes in the same process, or in a child, is an entry of its own. A
// forked child that allocated nothing before it executed a program is none.
//
// run: exec
// expect: lost 40 bytes in 1 block, in make_block
// expect: 2 processes
// run: fork
// expect: child: lost 40 bytes in 1 block, in make_block
// expect: 2 processes
// run: vfork
// expect: child: lost 40 bytes in 1 block, in make_block
// expect: 2 processes
// run: spawn
// expect: child: lost 40 bytes in 1 block, in make_block
// expect: 2 processes
#include "claim.h"

#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

static void execute(char **argv)
{
    argv[1] = (char[]){"leaf"};
    execv("/proc/self/exe", argv);
    _exit(127);
}

static pid_t start(char **argv)
{
    pid_t child = -1;

    if (strcmp(argv[1], "fork") == 0) {
        child = fork();
    } else if (strcmp(argv[1], "vfork") == 0) {
        child = vfork();
    } else {
        argv[1] = (char[]){"leaf"};
        must(posix_spawn(&child, "/proc/self/exe", NULL, NULL, argv, environ) == 0);
    }
    if (child == 0)
        execute(argv);
    return child;
}

int main(int argc, char **argv)
{
    int status = -1;

    must(argc == 2);
    if (is_run(argc, argv, "leaf")) {
        make_block(40);
        return 0;
    }
    void *volatile block = make_block(56); // held, and gone with the program
    if (is_run(argc, argv, "exec"))
        execute(argv);
    pid_t child = start(argv);
    must(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    free(block);
    return 0;
}
