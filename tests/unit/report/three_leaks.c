/*
 * Three leaks, for tests of `seep run`: 100 bytes in one block, 60 in three, a ring of two of 48.
 * The first argument is the exit status; with a second one, 5000 bytes in 50 blocks more.
 */
#include <stdlib.h>
#include <string.h>

struct node {
    struct node *next;
    char padding[40];
};

#ifndef CLEAN
static void leak_of_100(void)
{
    char *lost = malloc(100);
    memset(lost, 1, 100);
}

static void leak_of_60(void)
{
    for (int i = 0; i < 3; i++) {
        char *volatile lost = malloc(20);
        (void)lost;
    }
}

static void leak_ring(void)
{
    struct node *first = malloc(sizeof *first);
    struct node *second = malloc(sizeof *second);
    first->next = second;
    second->next = first;
}

static void leak_of_more(void)
{
    for (int i = 0; i < 50; i++) {
        char *volatile lost = malloc(100);
        (void)lost;
    }
}
#endif

int main(int argc, char **argv)
{
    free(malloc(10));
#ifndef CLEAN
    leak_of_100();
    leak_of_60();
    leak_ring();
    if (argc > 2)
        leak_of_more();
#endif
#ifdef CRASH
    *(volatile int *)argv = *(volatile int *)0;
#endif
    return argc > 1 ? atoi(argv[1]) : 0;
}
