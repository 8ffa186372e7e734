// While a vfork child runs, which shares the program's memory, collections are made by the
// program's other threads, not by the child; the thread that waits for it is not missed, and what
// it holds is reachable.
//
// option: interval=10ms
// run: exit
// expect: 50 collections
// expect: nobody missed
// expect: nothing lost
// run: exec
// expect: 50 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <sys/wait.h>

static atomic_int is_over;

/* Holds a block where only its own stack and registers tell. */
static void *hold_block(void *unused)
{
    (void)unused;
    char *volatile block = make_block(5000);
    while (!is_over)
        block[1]++;
    free(block);
    return NULL;
}

static OWN_FRAME void run_child(const int *ends, bool executes)
{
    pid_t child = vfork();
    if (child == 0) {
        usleep(20000);
        must(write(ends[1], "x", 1) == 1);
        usleep(20000);
        if (executes)
            execl("/bin/true", "true", (char *)NULL);
        _exit(0);
    }
    int status = -1;
    char byte;
    must(waitpid(child, &status, 0) == child && read(ends[0], &byte, 1) == 1);
    LIVE_CLAIM(status == 0, "the child ended with %#x", status);
}

int main(int argc, char **argv)
{
    int ends[2];
    pthread_t holder;
    must(pipe(ends) == 0);
    void *volatile block = make_block(6000);
    pthread_t churn = live_churn_begin();
    must(pthread_create(&holder, NULL, hold_block, NULL) == 0);
    for (int i = 0; i < live_count(30, 300); i++)
        run_child(ends, is_run(argc, argv, "exec"));
    is_over = 1;
    must(pthread_join(holder, NULL) == 0);
    live_churn_end(churn);
    free(block);
    return live_status();
}
