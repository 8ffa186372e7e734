/*
 * Runs a command and writes what it spent: the wall and the processor seconds of it and of all that
 * it waited for, and the most memory in KiB that one of them held. A small program: the kernel
 * counts the memory of the one that forks, too.
 *
 * Usage: spend FILE COMMAND ARGUMENTS…      status: the command's, 126 when it ended by a signal
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
    struct rusage use;
    int status;
    if (argc < 3)
        return 2;
    const char *library = getenv("SPEND_PRELOAD"); /* for the command only */
    double begun = now();
    pid_t child = fork();
    if (child == 0) {
        if (library != NULL && library[0] != '\0')
            setenv("LD_PRELOAD", library, 1);
        unsetenv("SPEND_PRELOAD");
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &use) != child)
        return 2;
    double wall = now() - begun;
    FILE *out = fopen(argv[1], "w");
    if (out == NULL)
        return 2;
    fprintf(out, "%.6f %.6f %ld\n", wall, seconds(use.ru_utime) + seconds(use.ru_stime),
            use.ru_maxrss);
    fclose(out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
