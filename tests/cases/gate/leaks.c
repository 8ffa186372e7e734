// Loses the blocks that its arguments name, then ends as the last one says: `leaks 100 30 =3` loses
// 100 and 30 bytes and exits with 3; =TERM, =SEGV and =ABRT end it by that signal.
#include <signal.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) static void leak_of(size_t bytes)
{
    char *volatile block = malloc(bytes);
    memset(block, 1, bytes);
    block = NULL;
}

// Overwrites what is left of the pointers below.
__attribute__((noinline)) static void sweep(void)
{
    volatile char room[4096];
    for (size_t i = 0; i < sizeof room; i++)
        room[i] = 0;
}

int main(int count, char **arguments)
{
    const char *end = "=0";
    for (int i = 1; i < count; i++) {
        if (arguments[i][0] == '=')
            end = arguments[i];
        else
            leak_of((size_t)atol(arguments[i]));
    }
    sweep();
    if (strcmp(end, "=SEGV") == 0)
        raise(SIGSEGV);
    if (strcmp(end, "=TERM") == 0)
        raise(SIGTERM);
    if (strcmp(end, "=ABRT") == 0)
        abort();
    return atoi(end + 1);
}
