// A program is executed by execl and its relatives from a thread with the smallest stack there is.
//
// run: execl
// expect: 2 processes
// expect: nothing lost
// run: execlp
// expect: 2 processes
// expect: nothing lost
// run: execle
// expect: reason a child left no file: it was not watched
// expect: nothing lost
#include "claim.h"

#include <limits.h>
#include <sys/wait.h>

static const char *how;

static void start(void)
{
    char *environment[] = {NULL};

    if (strcmp(how, "execl") == 0)
        execl("/bin/echo", "echo", "one", "two", "three", NULL);
    if (strcmp(how, "execlp") == 0)
        execlp("echo", "echo", "one", "two", NULL);
    if (strcmp(how, "execle") == 0)
        execle("/bin/echo", "echo", "one", NULL, environment);
    _exit(3);
}

static void *work(void *unused)
{
    (void)unused;
    int status = 0;
    pid_t child = fork();
    if (child == 0)
        start();
    must(waitpid(child, &status, 0) == child);
    printf("%s: %d\n", how, status);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_attr_t attributes;
    pthread_t thread;

    must(argc == 2);
    how = argv[1];
    pthread_attr_init(&attributes);
    must(pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN) == 0);
    must(pthread_create(&thread, &attributes, work, NULL) == 0);
    pthread_attr_destroy(&attributes);
    return pthread_join(thread, NULL);
}
