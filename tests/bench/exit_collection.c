/*
 * Holds many small blocks at its end, and says how long a bare clone of this very process takes:
 * the least that the pause of a collection can be. Run by exit_collection.py.
 *
 * Usage: exit_collection BLOCKS
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CLONES = 5 };

struct node {
    struct node *links[2];
    char rest[48];
};

struct node **nodes; /* global: all blocks are reachable */

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Without an exit signal and on this stack, as a fork that does nothing else. */
static uint64_t clone_ns(void)
{
    uint64_t begun = now_ns();
    long pid = syscall(SYS_clone, 0, NULL, NULL, NULL, NULL);
    uint64_t taken = now_ns() - begun;
    if (pid == 0)
        syscall(SYS_exit_group, 0);
    syscall(SYS_wait4, pid, NULL, __WCLONE, NULL);
    return taken;
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 4000000;
    nodes = malloc(count * sizeof *nodes);
    for (size_t i = 0; i < count; i++)
        nodes[i] = malloc(sizeof **nodes);
    uint64_t state = 88172645463325252u;
    for (size_t i = 0; i < count; i++) {
        for (int link = 0; link < 2; link++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            nodes[i]->links[link] = nodes[state % count];
        }
    }
    for (int i = 0; i < CLONES; i++)
        printf("%llu\n", (unsigned long long)clone_ns() / 1000);
    return 0;
}
