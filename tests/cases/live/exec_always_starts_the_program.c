// A thread executes another program while others allocate and collections are made every 5 ms: the
// new program always starts, with the mask that it should have, and finds no child, no zombie and
// no SIGCHLD of ours.
//
// option: interval=5ms
// expect: nothing lost
// expect: nobody missed
#include "live.h"

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>

static volatile sig_atomic_t children_ended;

static void count_child(int number)
{
    (void)number;
    children_ended++;
}

/* The new program. */
static int look_around(void)
{
    sigset_t mask;
    struct sigaction action = {.sa_handler = count_child};
    must(sigaction(SIGCHLD, &action, NULL) == 0);
    must(pthread_sigmask(SIG_BLOCK, NULL, &mask) == 0);
    LIVE_CLAIM(sigismember(&mask, SIGTERM) == 0 && sigismember(&mask, SIGUSR1) == 0, "the mask");
    double until = live_now_ms() + 70;
    while (live_now_ms() < until)
        usleep(10000);
    LIVE_CLAIM(children_ended == 0, "SIGCHLD came %d times", children_ended);
    char path[64], children[200] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    FILE *file = fopen(path, "r");
    if (file != NULL) {
        fread(children, 1, sizeof children - 1, file);
        fclose(file);
    }
    LIVE_CLAIM(children[0] == '\0' || getenv("LD_PRELOAD") != NULL, "children: %s", children);
    return live_status();
}

/* What is marked, so that it takes a while. */
static void make_heap(void)
{
    static void **list;
    for (int i = 0; i < 100000; i++) {
        void **next = malloc(64);
        must(next != NULL);
        *next = list;
        list = next;
    }
}

static void *exec_self(void *name)
{
    static char *const environment[] = {(char *)"PATH=/usr/bin:/bin", NULL}; /* without Seep */
    usleep((useconds_t)(getpid() % 37) * 1000);
    execle(name, name, "look", (char *)NULL, environment);
    _exit(99);
}

/* A threaded program of which one thread executes. */
static void be_replaced(char *name)
{
    pthread_t thread;
    make_heap();
    for (int i = 0; i < 3; i++)
        live_churn_begin();
    must(pthread_create(&thread, NULL, exec_self, name) == 0);
    for (;;)
        pause();
}

int main(int argc, char **argv)
{
    if (is_run(argc, argv, "look"))
        return look_around();
    for (int i = 0; i < live_count(30, 300); i++) {
        int status = -1;
        pid_t child = fork();
        if (child == 0) {
            char self[4096] = "";
            must(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
            if (i % 2 == 0)
                be_replaced(self);
            make_heap(); /* by the only thread */
            usleep((useconds_t)(i % 20) * 1000);
            exec_self(self);
        }
        must(waitpid(child, &status, 0) == child);
        LIVE_CLAIM(status == 0, "run %d: the new program ended with %#x", i, status);
    }
    return live_status();
}
