// A program that forks a lot, with threads, leaves no file of a process that has nothing to say, no
// zombie and no descriptor; a forked child that leaks and lives on writes one file.
//
// option: keep=no
// run: storm
// expect: 1 file
// expect: nobody missed
// run: leak
// expect: 2 files
// expect: nobody missed
#include "live.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/wait.h>

static int entries(const char *path)
{
    int count = 0;
    DIR *folder = opendir(path);
    must(folder != NULL);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static void storm(void)
{
    int descriptors = entries("/proc/self/fd");
    for (int i = 0; i < live_count(400, 10000); i++) {
        int status = -1;
        pid_t child = fork();
        if (child == 0) {
            free(malloc(1000));
            if (i % 2 == 0)
                exit(5);
            _exit(5);
        }
        must(waitpid(child, &status, 0) == child);
        LIVE_CLAIM(WIFEXITED(status) && WEXITSTATUS(status) == 5, "fork %d: status %#x", i, status);
    }
    LIVE_CLAIM(entries("/proc/self/fd") == descriptors, "%d descriptors, %d before",
               entries("/proc/self/fd"), descriptors);
}

/* Lives through many collections. */
static void leak(void)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        make_block(77);
        scrub();
        double until = live_now_ms() + 700;
        while (live_now_ms() < until)
            for (int i = 0; i < 1000; i++)
                free(malloc(100));
        exit(0);
    }
    must(waitpid(child, &status, 0) == child);
    LIVE_CLAIM(status == 0, "status %#x", status);
}

int main(int argc, char **argv)
{
    pthread_t churn = live_churn_begin();
    make_block(33); /* the parent has something to say */
    scrub();
    if (is_run(argc, argv, "storm"))
        storm();
    else
        leak();
    usleep(100000);
    live_churn_end(churn);
    return live_status();
}
