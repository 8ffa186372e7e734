/*
 * The wait functions: safe regions (regions.h) that keep the snapshot from callers who ask for
 * children without SIGCHLD, which it is.
 *
 * Runs in program threads. Where the snapshot is the only child such a wait would not end before
 * the mark is done: it says that there is no child. What children there are /proc tells; without it
 * the wait is late.
 */
#include "waits.h"

#include <errno.h>
#include <sys/wait.h>

#include "../base/sys.h"
#include "../base/tasks.h"
#include "../base/text.h"
#include "again.h"
#include "regions.h"

int waits_hidden_child; /* see waits.h */

/* The child that a wait of the program took before the library's own, which has said so already:
 * that wait is on its way to hide it. Atomic. */
static int waits_taken_child;

static bool waits_clear(int *child, int pid)
{
    return __atomic_compare_exchange_n(child, &pid, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static bool waits_is_for_clones(int options)
{
    return ((unsigned)options & (__WALL | __WCLONE)) != 0;
}

static bool waits_is_hidden(pid_t pid, int options)
{
    return pid > 0 && waits_is_for_clones(options) &&
           (waits_clear(&waits_hidden_child, pid) || waits_clear(&waits_taken_child, pid));
}

void waits_child_is_over(int pid, int status)
{
    if (status == -ECHILD)
        __atomic_store_n(&waits_taken_child, pid, __ATOMIC_SEQ_CST);
    if (!waits_clear(&waits_hidden_child, pid)) /* was hidden meanwhile */
        __atomic_store_n(&waits_taken_child, 0, __ATOMIC_SEQ_CST);
}

/* Its pid; waits for the moment in which it is being cloned. */
static int waits_hidden(void)
{
    static const struct timespec moment = {0, 100000};
    int hidden;
    while ((hidden = __atomic_load_n(&waits_hidden_child, __ATOMIC_SEQ_CST)) < 0)
        sys_call(SYS_nanosleep, &moment, NULL);
    return hidden;
}

/* For tasks_each: true for a thread that has a child other than `argument`, or where it is not
 * known. */
static bool waits_has_other_cb(int tid, void *argument)
{
    int hidden = *(const int *)argument;
    char path[64];
    char list[64]; /* one number more than the hidden one's is enough to know */
    struct text text = TEXT_OF(path);
    text_add(&text, "/proc/self/task/");
    text_add_number(&text, (uint64_t)tid);
    text_add(&text, "/children");
    ssize_t length = sys_read_file(path, list, sizeof list - 1);
    if (length < 0)
        return length != -ENOENT && length != -ESRCH; /* the thread has ended */
    list[length] = '\0';
    for (const char *at = list; *at != '\0';) {
        int child = (int)text_number(&at, 10);
        if (child != 0 && child != hidden)
            return true;
        at += *at != '\0';
    }
    return false;
}

enum waits_others { WAITS_OTHERS, WAITS_NO_OTHERS, WAITS_UNSURE };

/* A look without blocking found a child that runs, `hidden` being the snapshot then: is there any
 * other? The next snapshot may be taken at once when one is done. */
static enum waits_others waits_others(int hidden)
{
    int children = hidden != 0 ? tasks_each(waits_has_other_cb, &hidden) : 1;
    if (waits_hidden() != hidden)
        return WAITS_UNSURE;
    return children == 0 ? WAITS_NO_OTHERS : WAITS_OTHERS;
}

static int waits_no_child(void)
{
    errno = ECHILD;
    return -1;
}

/* The snapshot is of its parent's process group until it has a session of its own. */
static void waits_let_it_leave_group(void)
{
    static const struct timespec moment = {0, 100000};
    int hidden;
    while ((hidden = waits_hidden()) != 0) {
        int group = (int)sys_call(SYS_getpgid, hidden);
        if (group == hidden || group < 0)
            return;
        sys_call(SYS_nanosleep, &moment, NULL);
    }
}

enum waits_whom { WAITS_ANY, WAITS_GROUP, WAITS_ONE };

/* A wait that asks for clones too must not begin to block for the snapshot alone: true where it has
 * to look first, without blocking, whether there is anything else to wait for. */
static bool waits_looks_first(enum waits_whom whom, int options)
{
    if (!waits_is_for_clones(options))
        return false;
    if (whom == WAITS_GROUP)
        waits_let_it_leave_group();
    return whom == WAITS_ANY;
}

REAL_EXPORT pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
    if (real.wait4 == NULL)
        guard_start();
    REGION();
    enum waits_whom whom = pid == -1 ? WAITS_ANY : pid <= 0 ? WAITS_GROUP : WAITS_ONE;
    for (;;) {
        pid_t found = 0;
        if (waits_looks_first(whom, options)) {
            int hidden = waits_hidden();
            found = real.wait4(pid, status, options | WNOHANG, usage);
            enum waits_others others = found == 0 ? waits_others(hidden) : WAITS_OTHERS;
            if (others == WAITS_UNSURE)
                continue;
            if (others == WAITS_NO_OTHERS)
                return waits_no_child();
        }
        if (found == 0)
            found = AGAIN(pid_t, real.wait4(pid, status, options, usage), (void)0);
        if (!waits_is_hidden(found, options))
            return found;
    }
}

REAL_EXPORT pid_t wait3(int *status, int options, struct rusage *usage)
{
    return wait4(-1, status, options, usage);
}

REAL_EXPORT pid_t waitpid(pid_t pid, int *status, int options)
{
    return wait4(pid, status, options, NULL);
}

/* waitid's result as wait4's: a pid, 0 for a child that runs, or -1. */
static pid_t waits_id(idtype_t type, id_t id, siginfo_t *info, int options)
{
    info->si_pid = 0;
    return real.waitid(type, id, info, options) != 0 ? -1 : info->si_pid;
}

REAL_EXPORT int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
    if (real.waitid == NULL)
        guard_start();
    REGION();
    siginfo_t own;
    siginfo_t *into = info != NULL ? info : &own;
    enum waits_whom whom = type == P_ALL ? WAITS_ANY : type == P_PGID ? WAITS_GROUP : WAITS_ONE;
    for (;;) {
        pid_t found = 0;
        if (waits_looks_first(whom, options)) {
            int hidden = waits_hidden();
            found = waits_id(type, id, into, options | WNOHANG);
            enum waits_others others = found == 0 ? waits_others(hidden) : WAITS_OTHERS;
            if (others == WAITS_UNSURE)
                continue;
            if (others == WAITS_NO_OTHERS)
                return waits_no_child();
        }
        if (found == 0)
            found = AGAIN(pid_t, waits_id(type, id, into, options), (void)0);
        if (!waits_is_hidden(found, options))
            return found < 0 ? -1 : 0;
        if ((options & WNOWAIT) != 0) /* it would be found again and again */
            real.waitid(P_PID, (id_t)found, NULL, (int)(WEXITED | __WALL));
    }
}
