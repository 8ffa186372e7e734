// The stack and thread-local storage of a thread that has ended keep nothing, although glibc keeps
// the memory for the next thread.
//
// run: stack
// expect: lost 40 bytes in 1 block, in make_block
// run: tls
// expect: lost 40 bytes in 1 block, in make_block
// run: detached
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <dirent.h>

static _Thread_local void *volatile slot;
static bool is_tls;

static void *work(void *unused)
{
    void *volatile local = make_block(40);

    (void)unused;
    if (is_tls)
        slot = local;
    return NULL;
}

// The number of the process's threads.
static int threads(void)
{
    int count = -2; // . and ..
    DIR *tasks = opendir("/proc/self/task");

    must(tasks != NULL);
    while (readdir(tasks) != NULL)
        count++;
    closedir(tasks);
    return count;
}

int main(int argc, char **argv)
{
    pthread_t thread;

    is_tls = is_run(argc, argv, "tls");
    must(pthread_create(&thread, NULL, work, NULL) == 0);
    if (is_run(argc, argv, "detached")) {
        pthread_detach(thread);
        while (threads() > 1)
            sched_yield();
    } else {
        pthread_join(thread, NULL);
    }
    return 0;
}
