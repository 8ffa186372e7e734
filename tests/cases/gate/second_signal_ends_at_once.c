// The first signal starts the last collection of a big heap; a second one must end the program in
// its midst, by its default action. Prints the signal that ended the child.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void *volatile *heap;

static void heap_build(size_t count)
{
    heap = calloc(count, sizeof *heap);
    for (size_t i = 0; i < count; i++)
        heap[i] = calloc(1, 64);
}

// True when signal 15 has its default action again: the first handler has begun.
static int handler_has_begun(pid_t pid)
{
    char path[64];
    char line[256];
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *stream = fopen(path, "r");
    unsigned long caught = ~0ul;
    while (stream != NULL && fgets(line, sizeof line, stream) != NULL)
        sscanf(line, "SigCgt: %lx", &caught);
    if (stream != NULL)
        fclose(stream);
    return (caught >> (SIGTERM - 1) & 1) == 0;
}

int main(void)
{
    int ready[2];
    char byte = 0;
    if (pipe(ready) != 0)
        return 1;
    pid_t pid = fork();
    if (pid == 0) {
        heap_build(1000000);
        if (write(ready[1], &byte, 1) != 1)
            _exit(1);
        sleep(30);
        _exit(0);
    }
    if (read(ready[0], &byte, 1) != 1)
        return 1;
    kill(pid, SIGTERM);
    for (int i = 0; i < 5000 && !handler_has_begun(pid); i++)
        nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    kill(pid, SIGINT);
    int status;
    waitpid(pid, &status, 0);
    printf("%s\n",
           WIFSIGNALED(status) && (WTERMSIG(status) == SIGINT || WTERMSIG(status) == SIGTERM)
               ? "ended by a signal"
               : "not ended by a signal");
    fprintf(stderr, "signal %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    return 0;
}
