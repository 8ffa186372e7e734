// A program that is started by vfork and exec, posix_spawn, system or popen reports its own leak;
// the one that started it has none.
//
// run: vfork
// expect: child: lost 40 bytes in 1 block, in make_block
// expect: 2 processes
// run: spawn
// expect: child: lost 40 bytes in 1 block, in make_block
// expect: 2 processes
// run: vfork clean
// expect: nothing lost
// expect: 2 processes
// run: spawn clean
// expect: nothing lost
// expect: 2 processes
#include "claim.h"

#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

static OWN_FRAME pid_t start(const char *how, char **arguments)
{
    pid_t child = -1;

    if (strcmp(how, "spawn") == 0)
        must(posix_spawn(&child, arguments[0], NULL, NULL, arguments, environ) == 0);
    else if ((child = vfork()) == 0) {
        execv(arguments[0], arguments);
        _exit(127);
    }
    return child;
}

int main(int argc, char **argv)
{
    int status;

    if (is_run(argc, argv, "as-child")) {
        if (strcmp(argv[2], "lose") == 0)
            make_block(40);
        return 0;
    }
    must(argc >= 2);
    char *arguments[] = {argv[0], (char *)"as-child", (char *)(argc == 2 ? "lose" : "not"), NULL};
    pid_t child = start(argv[1], arguments);
    must(waitpid(child, &status, 0) == child && status == 0);
    scrub();
    return 0;
}
