/*
 * Starts the program and waits for it; what a shell would see of it is what our caller sees.
 *
 * File-level variables: `program_pid` and `interrupted` are written here and by the handler of TERM
 * and HUP only, both of a type that a handler may touch; the command has one thread.
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t program_pid;
static volatile sig_atomic_t interrupted;

static const int handled[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
enum { HANDLED = 4, FORWARDED = 2 };

static void forward_signal(int number)
{
    int error = errno;
    if (program_pid > 0)
        kill((pid_t)program_pid, number);
    else
        interrupted = 1;
    errno = error;
}

bool program_was_interrupted(void)
{
    return interrupted != 0;
}

/* What was there before us, for the programs; set once, before the first one is started. */
static struct sigaction saved[HANDLED];
static bool taken;

/* A signal that is ignored already stays so: nohup, a shell's background jobs. */
static void signals_take(void)
{
    if (taken)
        return;
    taken = true;
    for (int i = 0; i < HANDLED; i++) {
        struct sigaction action = {.sa_flags = SA_RESTART};
        action.sa_handler = i < FORWARDED ? forward_signal : SIG_IGN;
        sigaction(handled[i], NULL, &saved[i]);
        if (saved[i].sa_handler != SIG_IGN)
            sigaction(handled[i], &action, NULL);
    }
}

static void signals_give_back(void)
{
    for (int i = 0; i < HANDLED; i++)
        sigaction(handled[i], &saved[i], NULL);
}

/* Puts `first`, and what the variable had before, into it. */
static void environment_join(const char *name, const char *first)
{
    const char *others = getenv(name);
    char *list = NULL;
    bool some = others != NULL && others[0] != '\0';
    if (asprintf(&list, "%s%s%s", first, some ? ":" : "", some ? others : "") >= 0)
        setenv(name, list, 1);
    free(list);
}

/* A program with gcc's AddressSanitizer refuses to start behind a preloaded library unless told;
 * what the user says comes behind ours and wins. */
static void environment_set(const struct start *start)
{
    environment_join("LD_PRELOAD", start->library);
    environment_join("ASAN_OPTIONS", "verify_asan_link_order=0");
    setenv("SEEP_OPTIONS", start->options, 1);
}

/* In the child: never returns. The errno of a failed exec goes up the pipe. */
__attribute__((noreturn)) static void program_execute(const struct start *start, int report)
{
    environment_set(start);
    execvp(start->argv[0], start->argv);
    int error = errno;
    ssize_t written = write(report, &error, sizeof error);
    _exit(written == (ssize_t)sizeof error ? 127 : 126);
}

static int program_wait(pid_t pid, int *status)
{
    while (waitpid(pid, status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    return 0;
}

/* Forks with the signals blocked, so that none gets lost between the two. */
static pid_t program_fork(const struct start *start, const int pipe_ends[2])
{
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    for (int i = 0; i < HANDLED; i++)
        sigaddset(&blocked, handled[i]);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    signals_take();
    pid_t pid = fork();
    if (pid == 0) {
        signals_give_back();
        sigprocmask(SIG_SETMASK, &before, NULL);
        program_execute(start, pipe_ends[1]);
    }
    program_pid = pid < 0 ? 0 : pid;
    sigprocmask(SIG_SETMASK, &before, NULL);
    return pid;
}

int program_run(const struct start *start, struct outcome *outcome, struct problem *problem)
{
    int pipe_ends[2];
    if (pipe2(pipe_ends, O_CLOEXEC) != 0)
        return problem_set(problem, -errno, "cannot start a program: %s", strerror(errno));
    outcome->pid = program_fork(start, pipe_ends);
    int fork_error = errno;
    close(pipe_ends[1]);
    int error = 0;
    outcome->exec_error = 0;
    if (outcome->pid < 0) {
        error = problem_set(problem, -fork_error, "cannot fork: %s", strerror(fork_error));
    } else {
        ssize_t got = read(pipe_ends[0], &outcome->exec_error, sizeof outcome->exec_error);
        if (got != (ssize_t)sizeof outcome->exec_error)
            outcome->exec_error = 0;
        error = program_wait(outcome->pid, &outcome->wait_status);
    }
    program_pid = 0;
    close(pipe_ends[0]);
    return error;
}

int outcome_status(const struct outcome *outcome)
{
    if (outcome->exec_error != 0)
        return outcome->exec_error == ENOENT ? 127 : 126;
    if (WIFSIGNALED(outcome->wait_status))
        return 128 + WTERMSIG(outcome->wait_status);
    return WEXITSTATUS(outcome->wait_status);
}
