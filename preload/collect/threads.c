/* Reads the state of threads from /proc; see threads.h. */
#include "threads.h"

#include <string.h>

#include "../base/sys.h"
#include "../base/text.h"

/* The file of a thread under /proc/self/task, as a string; false when it has ended. */
static bool threads_read(int tid, const char *file, char *buffer, size_t bytes)
{
    char path[64];
    struct text text = TEXT_OF(path);
    text_add(&text, "/proc/self/task/");
    text_add_number(&text, (uint64_t)tid);
    text_add(&text, file);
    ssize_t length = sys_read_file(path, buffer, bytes - 1);
    if (length <= 0)
        return false;
    buffer[length] = '\0';
    return true;
}

/* Bits of the field `flags` of /proc/…/stat, from the kernel's linux/sched.h: made by io_uring or
 * by another part of the kernel for this process; such threads run no user code. */
enum { THREADS_IO_WORKER = 0x10, THREADS_KTHREAD = 0x200000, THREADS_USER_WORKER = 0x4000 };

static bool threads_is_of_kernel(int tid)
{
    char stat[512];
    if (!threads_read(tid, "/stat", stat, sizeof stat))
        return false;
    const char *at = strrchr(stat, ')');
    for (int field = 0; at != NULL && field < 7 && *at != '\0'; at++)
        field += *at == ' ';
    uint64_t flags = at == NULL ? 0 : text_number(&at, 10);
    return (flags & (THREADS_IO_WORKER | THREADS_KTHREAD | THREADS_USER_WORKER)) != 0;
}

/* The number behind `name` in a file of lines "Name:\tvalue". */
static uint64_t threads_field(const char *status, const char *name, unsigned base)
{
    const char *at = strstr(status, name);
    if (at == NULL)
        return 0;
    at += strlen(name);
    while (*at == '\t' || *at == ' ')
        at++;
    return text_number(&at, base);
}

/* "number 0x… six arguments 0x…(stack pointer) 0x…(place)"; "running" where it does not sleep. */
static uintptr_t threads_syscall_stack(const char *line)
{
    const char *at = strrchr(line, ' ');
    while (at != NULL && at > line && at[-1] != ' ')
        at--;
    if (at == NULL || at == line || strncmp(at, "0x", 2) != 0)
        return 0;
    at += 2;
    return text_number(&at, 16);
}

enum threads_state threads_look(int tid, int signal, struct threads_sleep *sleep)
{
    char status[3072];
    char line[256];
    if (!threads_read(tid, "/status", status, sizeof status))
        return THREADS_GONE;
    const char *at = strstr(status, "\nState:\t");
    char state = at != NULL ? at[8] : 'R';
    bool is_blocked = (threads_field(status, "\nSigBlk:", 16) >> (signal - 1) & 1) != 0;
    if (state == 'Z' || state == 'X')
        return THREADS_GONE;
    if (is_blocked && threads_is_of_kernel(tid)) /* its workers block all signals */
        return THREADS_GONE;
    if (state == 'R' || (state == 'S' && !is_blocked))
        return is_blocked ? THREADS_REFUSES : THREADS_WILL_ANSWER;
    if (!threads_read(tid, "/syscall", line, sizeof line))
        return THREADS_WILL_ANSWER;
    sleep->switches = threads_field(status, "\nvoluntary_ctxt_switches:", 10) +
                      threads_field(status, "\nnonvoluntary_ctxt_switches:", 10);
    sleep->stack_pointer = threads_syscall_stack(line);
    return sleep->stack_pointer != 0 ? THREADS_ASLEEP : THREADS_WILL_ANSWER;
}
