// Loses 100 bytes, then does what its argument says, and prints what it sees of its signals. What
// it prints and how it ends must be as without Seep.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGABRT};

__attribute__((noinline)) static void leak_of(size_t bytes)
{
    char *volatile block = malloc(bytes);
    memset(block, 1, bytes);
    block = NULL;
}

static void actions_print(void)
{
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction action;
        sigaction(numbers[i], NULL, &action);
        printf("%d: %s, flags %#x\n", numbers[i],
               action.sa_handler == SIG_DFL   ? "default"
               : action.sa_handler == SIG_IGN ? "ignored"
                                              : "handled",
               (unsigned)action.sa_flags);
    }
    printf("signal() returns %s\n", signal(SIGTERM, SIG_DFL) == SIG_DFL ? "default" : "another");
    fflush(stdout);
}

static volatile sig_atomic_t seen;

static void handler(int number)
{
    seen = number;
}

static void handlers_work(void)
{
    for (size_t i = 0; i < 3; i++) {
        struct sigaction old;
        struct sigaction new = {.sa_handler = handler};
        sigaction(numbers[i], &new, &old);
        raise(numbers[i]);
        printf("%d was seen, before it was %s\n", (int)seen,
               old.sa_handler == SIG_DFL ? "default" : "another");
        new.sa_handler = SIG_IGN;
        sigaction(numbers[i], &new, &old);
        printf("%s\n", old.sa_handler == handler ? "ours" : "another");
        raise(numbers[i]);
        signal(numbers[i], SIG_DFL);
    }
}

int main(int count, char **arguments)
{
    const char *what = count > 1 ? arguments[1] : "";
    leak_of(100);
    volatile char room[4096];
    memset((void *)room, 0, sizeof room);
    if (strcmp(what, "print") == 0)
        actions_print();
    else if (strcmp(what, "handle") == 0)
        handlers_work();
    else if (strcmp(what, "abort") == 0)
        abort();
    else if (strcmp(what, "wait") == 0)
        puts("ready"), fflush(stdout), sleep(30);
    else
        raise(atoi(what));
    return 0;
}
