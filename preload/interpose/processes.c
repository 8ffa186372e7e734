/*
 * fork, exec and spawn.
 *
 * Runs in program threads; in a forked child hooks.forked begins a section of its own. In a vfork
 * child, which shares the parent's memory, nothing is done but the call: hooks.child finds that out
 * by the pid, and what the child leaves behind in the thread's state vfork's wrapper takes back.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "../base/sys.h"
#include "regions.h"

static inline void processes_start(void)
{
    if (__builtin_expect(real.fork == NULL, 0))
        guard_start();
}

REAL_EXPORT pid_t fork(void)
{
    processes_start();
    pid_t pid = real.fork();
    if (pid == 0 && hooks.forked != NULL)
        hooks.forked();
    return pid;
}

REAL_EXPORT pid_t _Fork(void)
{
    processes_start();
    pid_t pid = real._Fork();
    if (pid == 0 && hooks.forked != NULL)
        hooks.forked();
    return pid;
}

/* vfork(2). The child runs on the parent's stack, above everything that this wrapper could keep
 * there: the return address waits in a register, as in libc's own, and the rest in the thread's
 * state. A child that is killed inside a wrapper never leaves it: the parent does that here, before
 * the program goes on. */
__attribute__((used)) static void processes_vfork_before(void)
{
    processes_start();
    thread_self.inside_at_vfork = thread_self.inside;
}

/* In the parent, with what the kernel said. */
__attribute__((used)) static int processes_vfork_after(int result)
{
    struct thread_state *self = &thread_self;
    if (self->place != NULL)
        thread_region_end(self);
    self->inside = (self->inside_at_vfork & THREAD_IN_REGION) != 0 ? 0 : self->inside_at_vfork;
    if (result < 0)
        errno = -result;
    return result < 0 ? -1 : result;
}

REAL_EXPORT __attribute__((naked, returns_twice)) pid_t vfork(void)
{
    __asm__("sub $8, %%rsp\n\t.cfi_adjust_cfa_offset 8\n\t"
            "call %P0\n\t"
            "add $8, %%rsp\n\t.cfi_adjust_cfa_offset -8\n\t"
            "pop %%rdi\n\t.cfi_adjust_cfa_offset -8\n\t.cfi_register %%rip, %%rdi\n\t"
            "mov %2, %%eax\n\t"
            "syscall\n\t"
            "push %%rdi\n\t.cfi_adjust_cfa_offset 8\n\t.cfi_rel_offset %%rip, 0\n\t"
            "test %%eax, %%eax\n\t"
            "jz 1f\n\t"
            "mov %%eax, %%edi\n\t"
            "sub $8, %%rsp\n\t.cfi_adjust_cfa_offset 8\n\t"
            "call %P1\n\t"
            "add $8, %%rsp\n\t.cfi_adjust_cfa_offset -8\n"
            "1:\tret"
            :
            : "i"(processes_vfork_before), "i"(processes_vfork_after), "i"(SYS_vfork));
}

REAL_EXPORT pid_t __vfork(void) __attribute__((alias("vfork"), returns_twice, nothrow, leaf));

static void processes_note(enum hooks_child how, int pid, const char *path)
{
    int saved = errno;
    if (hooks.child != NULL)
        hooks.child(how, pid, path);
    errno = saved;
}

/* A safe region for exec: a stop signal that were still pending would kill the new program. Not in
 * a vfork child: this memory is its parent's, and exec never comes back to leave the region. */
static inline __attribute__((always_inline)) struct region processes_region(void)
{
    const struct thread_place *place = thread_self.place;
    return place != NULL && place->tid == sys_gettid() ? region_enter() : (struct region){0};
}

/* Notes the exec, tries it, and takes the note back when it comes back. */
#define PROCESSES_EXEC(path, call)                                                                 \
    do {                                                                                           \
        processes_start();                                                                         \
        processes_note(HOOKS_CHILD_EXEC, 0, (path));                                               \
        __attribute__((cleanup(region_leave), unused)) struct region region = processes_region();  \
        int exec_result = (call);                                                                  \
        processes_note(HOOKS_CHILD_EXEC_FAILED, 0, (path));                                        \
        return exec_result;                                                                        \
    } while (0)

REAL_EXPORT int execve(const char *path, char *const argv[], char *const environment[])
{
    PROCESSES_EXEC(path, real.execve(path, argv, environment));
}

REAL_EXPORT int execv(const char *path, char *const argv[])
{
    PROCESSES_EXEC(path, real.execv(path, argv));
}

REAL_EXPORT int execvp(const char *file, char *const argv[])
{
    PROCESSES_EXEC(file, real.execvp(file, argv));
}

REAL_EXPORT int execvpe(const char *file, char *const argv[], char *const environment[])
{
    PROCESSES_EXEC(file, real.execvpe(file, argv, environment));
}

REAL_EXPORT int fexecve(int fd, char *const argv[], char *const environment[])
{
    PROCESSES_EXEC("(a descriptor)", real.fexecve(fd, argv, environment));
}

REAL_EXPORT int execveat(int folder, const char *path, char *const argv[],
                         char *const environment[], int flags)
{
    PROCESSES_EXEC(path, real.execveat(folder, path, argv, environment, flags));
}

/* How many arguments execl and its relatives have, with the NULL behind them. */
static size_t processes_count(const char *first, va_list list)
{
    size_t count = 1;
    for (const char *argument = first; argument != NULL; count++)
        argument = va_arg(list, const char *);
    return count;
}

/* Collects these arguments: on the stack, for it may run after vfork, and no more of it than they
 * need, for the stack may be a thread's of 16 KiB. Leaves `list` behind them. */
#define PROCESSES_LIST(first)                                                                      \
    va_list list;                                                                                  \
    va_start(list, first);                                                                         \
    size_t argument_count = processes_count(first, list);                                          \
    va_end(list);                                                                                  \
    char **argv = __builtin_alloca(argument_count * sizeof *argv);                                 \
    argv[0] = (char *)(uintptr_t)(first);                                                          \
    va_start(list, first);                                                                         \
    for (size_t i = 1; i < argument_count; i++)                                                    \
        argv[i] = va_arg(list, char *);

REAL_EXPORT int execl(const char *path, const char *first, ...)
{
    PROCESSES_LIST(first)
    va_end(list);
    PROCESSES_EXEC(path, real.execv(path, argv));
}

REAL_EXPORT int execlp(const char *file, const char *first, ...)
{
    PROCESSES_LIST(first)
    va_end(list);
    PROCESSES_EXEC(file, real.execvp(file, argv));
}

REAL_EXPORT int execle(const char *path, const char *first, ...)
{
    PROCESSES_LIST(first)
    char *const *environment = va_arg(list, char *const *);
    va_end(list);
    PROCESSES_EXEC(path, real.execve(path, argv, environment));
}

#define PROCESSES_SPAWN(function)                                                                  \
    do {                                                                                           \
        processes_start();                                                                         \
        pid_t spawned = 0;                                                                         \
        int spawn_error = real.function(&spawned, path, actions, attributes, argv, environment);   \
        if (spawn_error == 0) {                                                                    \
            processes_note(HOOKS_CHILD_SPAWN, spawned, path);                                      \
            if (pid != NULL)                                                                       \
                *pid = spawned;                                                                    \
        }                                                                                          \
        return spawn_error;                                                                        \
    } while (0)

REAL_EXPORT int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
                            const posix_spawnattr_t *attributes, char *const argv[],
                            char *const environment[])
{
    PROCESSES_SPAWN(posix_spawn);
}

REAL_EXPORT int posix_spawnp(pid_t *pid, const char *path,
                             const posix_spawn_file_actions_t *actions,
                             const posix_spawnattr_t *attributes, char *const argv[],
                             char *const environment[])
{
    PROCESSES_SPAWN(posix_spawnp);
}
