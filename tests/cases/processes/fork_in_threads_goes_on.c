// Threads that allocate while others fork: the children start and end, each with its own section.
//
// expect: nothing lost
// expect: 21 processes
#include "claim.h"

#include <sys/wait.h>

static volatile int is_over;

static void *allocate(void *unused)
{
    (void)unused;
    while (is_over == 0)
        free(opaque(malloc(100)));
    return NULL;
}

int main(void)
{
    pthread_t thread;

    must(pthread_create(&thread, NULL, allocate, NULL) == 0);
    for (int i = 0; i < 20; i++) {
        int status = -1;
        pid_t child = fork();
        must(child >= 0);
        if (child == 0) {
            free(opaque(malloc(100)));
            _exit(7);
        }
        must(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7);
    }
    is_over = 1;
    pthread_join(thread, NULL);
    return 0;
}
