/*
 * Takes the snapshot; see snapshot.h.
 *
 * snapshot_enter and what it calls run in the copy, on its own stack. CLONE_FILES and then
 * CLOSE_RANGE_UNSHARE: the copy never holds a reference to the program's pipes and sockets but for
 * the instant in which the kernel copies the table's part below `keep_fd`. CLONE_UNTRACED: a
 * debugger that follows the program's threads and children would take the copy for one of them, and
 * stop it at the first page that cannot be read.
 */
#include "snapshot.h"

#include <errno.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "../base/clone.h"
#include "../base/pages.h"
#include "../base/sys.h"

enum { SNAPSHOT_STACK_BYTES = 1 << 20 };

struct snapshot_job {
    int (*body)(void *argument);
    void *argument;
    int keep_fd;
};

static char *snapshot_stack; /* set once by snapshot_start */

int snapshot_start(void)
{
    if (snapshot_stack == NULL)
        snapshot_stack = pages_map(SNAPSHOT_STACK_BYTES);
    return snapshot_stack != NULL ? 0 : -ENOMEM;
}

/* The soft limit is the program's, not ours. */
static void snapshot_leave_limit(int resource)
{
    struct rlimit limit;
    if (sys_call(SYS_prlimit64, 0, resource, NULL, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    sys_call(SYS_prlimit64, 0, resource, &limit, NULL);
}

static void snapshot_hide(int keep_fd)
{
    unsigned above = (unsigned)(keep_fd + 1);
    sys_call(SYS_close_range, above, ~0u, CLOSE_RANGE_UNSHARE);
    if (keep_fd > 0)
        sys_call(SYS_close_range, 0, keep_fd - 1, 0);
    sys_call(SYS_setsid);
    struct rlimit none = {0, 0};
    sys_call(SYS_prlimit64, 0, RLIMIT_CORE, &none, NULL);
    snapshot_leave_limit(RLIMIT_FSIZE);
    snapshot_leave_limit(RLIMIT_AS);
    int fd = sys_open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC, 0);
    if (fd >= 0) {
        sys_write(fd, "1000", 4);
        sys_close(fd);
    }
}

static void snapshot_enter(void *argument)
{
    const struct snapshot_job *job = argument;
    snapshot_hide(job->keep_fd);
    int status = job->body(job->argument);
    for (;;)
        sys_call(SYS_exit_group, status);
}

int snapshot_take(int (*body)(void *argument), void *argument, int keep_fd)
{
    struct snapshot_job job = {body, argument, keep_fd};
    struct clone_call call = {.flags = CLONE_FILES | CLONE_UNTRACED,
                              .stack_end = snapshot_stack + SNAPSHOT_STACK_BYTES,
                              .enter = snapshot_enter,
                              .argument = &job};
    return clone_make(&call);
}

int snapshot_here(int (*body)(void *argument), void *argument)
{
    int result;
    /* rbx keeps the thread's own stack over the call. */
    __asm__ volatile("mov %%rsp, %%rbx\n\t"
                     "mov %[stack], %%rsp\n\t"
                     "call *%[body]\n\t"
                     "mov %%rbx, %%rsp"
                     : "=a"(result), "+D"(argument)
                     : [stack] "r"(snapshot_stack + SNAPSHOT_STACK_BYTES - 64), [body] "r"(body)
                     : "rbx", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "memory", "cc");
    return result;
}

static int snapshot_reap(int pid, int options)
{
    int status = 0;
    long result;
    do
        result = sys_call(SYS_wait4, pid, &status, options, NULL);
    while (result == -EINTR);
    if (result <= 0)
        return result == 0 ? -EAGAIN : (int)result;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int snapshot_wait(int pid)
{
    return snapshot_reap(pid, (int)__WCLONE);
}

int snapshot_poll(int pid)
{
    return snapshot_reap(pid, (int)(__WCLONE | WNOHANG));
}

int snapshot_call(int (*body)(void *argument), void *argument, int keep_fd)
{
    uint64_t all = ~0ull;
    uint64_t mask;
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &all, &mask, sizeof all);
    int result = snapshot_take(body, argument, keep_fd);
    if (result > 0)
        result = snapshot_wait(result);
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
    return result;
}
