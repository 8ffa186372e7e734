// The program's children are the ones that it started: no other is seen by wait or as SIGCHLD.
//
// expect: nothing lost
// expect: 2 processes
#include "claim.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

static volatile int signals;

static void count(int number)
{
    (void)number;
    signals++;
}

static void at_the_end(void)
{
    must(waitpid(-1, NULL, WNOHANG | __WALL) == -1 && errno == ECHILD);
    printf("%d signals\n", signals);
}

int main(void)
{
    int status;

    must(signal(SIGCHLD, count) != SIG_ERR);
    atexit(at_the_end);
    pid_t child = fork();
    must(child >= 0);
    if (child == 0)
        _exit(0);
    must(wait(&status) == child);
    must(wait(&status) == -1 && errno == ECHILD);
    return 0;
}
