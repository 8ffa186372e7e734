/*
 * Prints at the end; see print.h.
 *
 * The text report comes from `seep report`, executed in a child of a snapshot: execve would give
 * the snapshot itself its SIGCHLD back, a child of it is none of the program's. Where `seep` lies
 * is known from where this library lies: ../report/seep in the build folder, ../../bin/seep when
 * installed.
 */
#include "print.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "../base/options.h"
#include "../base/sys.h"
#include "../base/text.h"
#include "console.h"

struct print_job {
    char seep[PATH_MAX];
    char file[FILE_PATH_BYTES];
    int fd;
};

static bool print_find_seep(char *path, size_t bytes)
{
    static const char *const places[] = {"/../report/seep", "/../../bin/seep"};
    struct dl_find_object found;
    if (_dl_find_object((void *)print_find_seep, &found) != 0)
        return false;
    const char *library = found.dlfo_link_map->l_name;
    const char *slash = strrchr(library, '/');
    for (size_t i = 0; slash != NULL && i < sizeof places / sizeof *places; i++) {
        struct text text = {path, 0, bytes};
        text_add_bytes(&text, library, (size_t)(slash - library));
        text_add(&text, places[i]);
        if (sys_call(SYS_faccessat, AT_FDCWD, path, 1) == 0)
            return true;
    }
    return false;
}

/* In the snapshot: a child of it becomes `seep report`, with standard error as its output. */
static int print_body(void *argument)
{
    struct print_job *job = argument;
    long child = sys_call(SYS_fork);
    if (child == 0) {
        char *const argv[] = {(char *)"seep", (char *)"report", job->file, NULL};
        char *const environment[] = {NULL};
        sys_call(SYS_dup2, job->fd, 1);
        sys_call(SYS_dup2, job->fd, 2);
        uint64_t none = 0;
        sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
        sys_call(SYS_execve, job->seep, argv, environment);
        sys_call(SYS_exit_group, 127);
    }
    int status = 0;
    sys_call(SYS_wait4, child, &status, 0, NULL);
    return status != 0;
}

void print_at_end(const struct section *section, const char *program, print_aside *aside)
{
    static struct print_job job; /* of the ending thread */
    job.fd = console_fd();
    bool is_full = options.print == OPTIONS_PRINT_FULL && section->shared->is_named != 0 &&
                   job.fd >= 0 && print_find_seep(job.seep, sizeof job.seep);
    if (is_full) {
        struct text path = TEXT_OF(job.file);
        text_add(&path, section->file.folder);
        text_add_char(&path, '/');
        text_add(&path, section->shared->name);
        is_full = aside(print_body, &job, job.fd) == 0;
    }
    if (!is_full)
        console_summary(section, program);
}
