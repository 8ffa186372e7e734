/*
 * Stops all threads of the process with ptrace, until the second look is over, and reads their
 * registers.
 */
#include "second_look.h"

#include <dirent.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

enum { MOST_THREADS = 1024, XSTATE_BYTES = 16384 };

struct thread threads[MOST_THREADS];
size_t thread_count;

static bool is_stopped(pid_t tid)
{
    for (size_t i = 0; i < thread_count; i++)
        if (threads[i].tid == tid)
            return true;
    return false;
}

static bool stop_thread(pid_t tid)
{
    int status;
    if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) != 0)
        return false; /* it has ended */
    if (ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) != 0 || waitpid(tid, &status, __WALL) != tid ||
        !WIFSTOPPED(status))
        return false;
    /* A signal that was on its way: it is given back when the thread goes on. */
    int sent = status >> 16 == 0 ? WSTOPSIG(status) : 0;
    struct thread *thread = &threads[thread_count];
    struct iovec into = {&thread->registers, sizeof thread->registers};
    if (sent != 0 || ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &into) != 0) {
        ptrace(PTRACE_DETACH, tid, NULL, sent);
        return false;
    }
    thread->tid = tid;
    thread_count++;
    return true;
}

/* Until a pass over the threads finds none that still runs. */
void threads_stop(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    for (int pass = 0, found = 1; found != 0 && pass < 100; pass++) {
        found = 0;
        DIR *folder = opendir(path);
        if (folder == NULL)
            fail("no such process");
        for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
            pid_t tid = atoi(entry->d_name);
            if (tid <= 0 || is_stopped(tid) || thread_count == MOST_THREADS)
                continue;
            found = 1;
            stop_thread(tid);
        }
        closedir(folder);
    }
}

void threads_let_go(void)
{
    for (size_t i = 0; i < thread_count; i++)
        ptrace(PTRACE_DETACH, threads[i].tid, NULL, NULL);
}

void thread_each_register(const struct thread *thread,
                          void (*see)(const struct thread *thread, uint64_t value,
                                      const char *which))
{
    const unsigned long long *words = (const void *)&thread->registers;
    for (size_t i = 0; i < sizeof thread->registers / sizeof *words; i++)
        see(thread, words[i], "general");
    if ((long long)thread->registers.orig_rax >= 0)
        return;
    static uint64_t state[XSTATE_BYTES / 8];
    struct iovec into = {state, sizeof state};
    if (ptrace(PTRACE_GETREGSET, thread->tid, NT_X86_XSTATE, &into) != 0)
        return;
    for (size_t i = 0; i < into.iov_len / 8; i++)
        see(thread, state[i], "vector");
}
