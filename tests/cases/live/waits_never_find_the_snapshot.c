// No way to wait finds the process in which the mark runs: not for any child, not for clones, not
// without waiting, not for its group; no SIGCHLD comes for it, and a process that has no child is
// told so at once.
//
// option: interval=5ms
// expect: 40 collections
// expect: no reasons
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static atomic_int children_ended;

static void count_child(int number)
{
    (void)number;
    children_ended++;
}

/* What is marked, so that the snapshot is there most of the time. */
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

static void claim_no_child(const char *how, double begun, long result, int error)
{
    LIVE_CLAIM(result == -1 && error == ECHILD, "%s without a child: %ld, errno %d", how, result,
               error);
    LIVE_CLAIM(live_now_ms() - begun < 500, "%s waited %.1f ms for no child", how,
               live_now_ms() - begun);
}

#define NO_CHILD(call)                                                                             \
    do {                                                                                           \
        double begun = live_now_ms();                                                              \
        errno = 0;                                                                                 \
        long result = (call);                                                                      \
        claim_no_child(#call, begun, result, errno);                                               \
    } while (0)

static void wait_for_none(void)
{
    int status;
    siginfo_t info;
    NO_CHILD(wait(&status));
    NO_CHILD(waitpid(-1, &status, WNOHANG));
    NO_CHILD(waitpid(-1, &status, 0));
    NO_CHILD(waitpid(-1, &status, __WALL));
    NO_CHILD(waitpid(-1, &status, __WALL | WNOHANG));
    NO_CHILD(waitpid(-1, &status, __WCLONE));
    NO_CHILD(waitpid(0, &status, __WALL));
    NO_CHILD(waitpid(-getpgrp(), &status, __WALL));
    NO_CHILD(wait4(-1, &status, __WALL | WNOHANG, NULL));
    NO_CHILD(waitid(P_PGID, (id_t)getpgrp(), &info, WEXITED | WNOHANG | __WALL));
    NO_CHILD(waitid(P_ALL, 0, &info, WEXITED | __WALL));
    NO_CHILD(waitid(P_ALL, 0, NULL, WEXITED | __WALL));
    NO_CHILD(waitid(P_ALL, 0, &info, WEXITED | WNOHANG | __WALL));
    NO_CHILD(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT | __WALL));
}

/* With a child of the program's own. */
static void wait_for_one(int options)
{
    int status = -1;
    pid_t child = _Fork();
    if (child == 0) {
        static const struct timespec moment = {0, 10000000};
        syscall(SYS_nanosleep, &moment, NULL); /* no call that makes a collection in the child */
        raise(SIGKILL);
    }
    pid_t found = options == 0 ? wait(&status) : waitpid(-1, &status, options);
    LIVE_CLAIM(found == child && WIFSIGNALED(status), "%#x: found %d, not %d", options, found,
               child);
}

int main(void)
{
    struct sigaction action = {.sa_handler = count_child, .sa_flags = SA_RESTART};
    int forked = 0;
    must(sigaction(SIGCHLD, &action, NULL) == 0);
    make_heap();
    pthread_t churn = live_churn_begin();
    for (double until = live_now_ms() + live_count(2500, 25000); live_now_ms() < until;
         forked += 2) {
        for (int turn = 0; turn < 20; turn++)
            wait_for_none();
        wait_for_one(0);
        wait_for_one(__WALL);
    }
    LIVE_CLAIM(children_ended == forked, "%d children, %d SIGCHLD", forked, children_ended);
    live_churn_end(churn);
    return live_status();
}
