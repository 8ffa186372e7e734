// Runs a program and makes chosen system calls of it fail: a seccomp filter hands them to this
// process, which answers in the kernel's place. It reaches what makes its calls without libc, too.
//
//     inject COUNTS RULE... -- PROGRAM ARGUMENT...
//
// A rule is CALL:KEY=VALUE:…, of the keys
//     errno=N   the call fails with this error      value=N   it returns this, and does nothing
//     delay=N   it is made after so many milliseconds
//     gone=N    it is made when the thread that it names has ended, or after so many milliseconds;
//               only the first counts
//     tear=N    of a longer write so many bytes are made, and the process is killed
//     who=program|copy   only of the program itself, or of processes that it made
//     path=P    the path begins with P              most=N, skip=N   how often, not the first N
//     times argN=V, argN&M=V   the argument N, or its bits M, are V
// COUNTS gets a line for each rule, how often it was applied. INJECT_PRELOAD becomes the program's
// LD_PRELOAD. Ends as the program does.
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RULES = 8, TESTS = 4, PATH_BYTES = 256 };

struct test {
    int argument;
    uint64_t mask;
    uint64_t value;
};

struct rule {
    int call;
    int path_argument; /* -1: none */
    enum { FAIL, ANSWER, DELAY, GONE, TEAR } what;
    long number; /* the error, the value, the milliseconds, the bytes */
    enum { ANYBODY, PROGRAM, COPY } who;
    char path[PATH_BYTES];
    long skip, most, seen, applied;
    struct test tests[TESTS];
    int test_count;
};

static struct rule rules[RULES];
static int rule_count;
static pid_t program;

static const struct {
    const char *name;
    int number;
    int path_argument;
} calls[] = {
    {"mmap", SYS_mmap, -1},
    {"mremap", SYS_mremap, -1},
    {"clone", SYS_clone, -1},
    {"openat", SYS_openat, 1},
    {"write", SYS_write, -1},
    {"pwrite64", SYS_pwrite64, -1},
    {"readlink", SYS_readlink, 0},
    {"newfstatat", SYS_newfstatat, 1},
    {"rt_tgsigqueueinfo", SYS_rt_tgsigqueueinfo, -1},
    {"ftruncate", SYS_ftruncate, -1},
    {"linkat", SYS_linkat, -1},
};

static void check(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "inject: %s: %s\n", what, strerror(errno));
    exit(99);
}

static void parse_key(struct rule *rule, char *key, const char *value)
{
    if (strcmp(key, "path") == 0) {
        snprintf(rule->path, sizeof rule->path, "%s", value);
    } else if (strcmp(key, "who") == 0) {
        rule->who = strcmp(value, "program") == 0 ? PROGRAM : COPY;
    } else if (strcmp(key, "skip") == 0) {
        rule->skip = atol(value);
    } else if (strcmp(key, "most") == 0) {
        rule->most = atol(value);
    } else if (strncmp(key, "arg", 3) == 0) {
        check(rule->test_count < TESTS, "too many tests");
        const char *mask = strchr(key, '&');
        rule->tests[rule->test_count++] =
            (struct test){key[3] - '0', mask != NULL ? strtoull(mask + 1, NULL, 0) : ~0ull,
                          strtoull(value, NULL, 0)};
    } else {
        static const char *const names[] = {"errno", "value", "delay", "gone", "tear"};
        const size_t count = sizeof names / sizeof *names;
        size_t what = 0;
        while (what < count && strcmp(key, names[what]) != 0)
            what++;
        check(what < count, key);
        rule->what = what;
        rule->number = strtol(value, NULL, 0);
    }
}

static void parse_rule(char *text)
{
    struct rule *rule = &rules[rule_count++];
    char *name = strtok(text, ":");
    rule->call = -1;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(name, calls[i].name) == 0) {
            rule->call = calls[i].number;
            rule->path_argument = calls[i].path_argument;
        }
    check(rule->call >= 0 && rule_count <= RULES, name);
    for (char *key; (key = strtok(NULL, ":")) != NULL;) {
        char *value = strrchr(key, '=');
        check(value != NULL, key);
        *value = '\0';
        parse_key(rule, key, value + 1);
    }
}

/* Hands the calls of the rules to the listener that it returns. */
static int install_filter(void)
{
    struct sock_filter filter[RULES + 3];
    unsigned short count = 0;
    filter[count++] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i < rule_count; i++)
        filter[count++] = (struct sock_filter)BPF_JUMP(
            BPF_JMP | BPF_JEQ | BPF_K, (unsigned)rules[i].call, (unsigned char)(rule_count - i), 0);
    filter[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    struct sock_fprog all = {count, filter};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                        &all);
}

static int is_program(unsigned tid)
{
    char path[64];
    char line[256];
    int group = 0;
    snprintf(path, sizeof path, "/proc/%u/status", tid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "Tgid: %d", &group) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return group == program;
}

static int has_path(const struct rule *rule, const struct seccomp_notif *asked)
{
    char name[64];
    char path[PATH_BYTES] = "";
    if (rule->path[0] == '\0')
        return 1;
    snprintf(name, sizeof name, "/proc/%u/mem", asked->pid);
    FILE *memory = fopen(name, "r");
    if (memory == NULL)
        return 0;
    setvbuf(memory, NULL, _IONBF, 0);
    fseeko(memory, (off_t)asked->data.args[rule->path_argument], SEEK_SET);
    size_t have = fread(path, 1, sizeof path - 1, memory);
    fclose(memory);
    return have > 0 && strncmp(path, rule->path, strlen(rule->path)) == 0;
}

/* Makes the first part of a write in the caller's place, and kills it. */
static void tear(const struct seccomp_notif *asked, long most)
{
    char name[64];
    char bytes[4096];
    size_t length = (size_t)most < sizeof bytes ? (size_t)most : sizeof bytes;
    struct iovec into = {bytes, length};
    struct iovec from = {(void *)(uintptr_t)asked->data.args[1], length};
    snprintf(name, sizeof name, "/proc/%u/fd/%d", asked->pid, (int)asked->data.args[0]);
    int file = open(name, O_WRONLY | O_APPEND);
    check(file >= 0, name);
    check(process_vm_readv((pid_t)asked->pid, &into, 1, &from, 1, 0) == (ssize_t)length, "memory");
    check(write(file, bytes, length) == (ssize_t)length, name);
    close(file);
    kill((pid_t)asked->pid, SIGKILL);
}

/* Waits until the thread of an rt_tgsigqueueinfo has ended; false when it does not. */
static int has_ended(const struct seccomp_notif *asked, long milliseconds)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task/%d", (int)asked->data.args[0],
             (int)asked->data.args[1]);
    for (; access(path, F_OK) == 0; usleep(1000))
        if (milliseconds-- == 0)
            return 0;
    return 1;
}

static int applies(struct rule *rule, const struct seccomp_notif *asked)
{
    if (rule->call != asked->data.nr)
        return 0;
    for (int i = 0; i < rule->test_count; i++)
        if ((asked->data.args[rule->tests[i].argument] & rule->tests[i].mask) !=
            rule->tests[i].value)
            return 0;
    if (rule->who != ANYBODY && is_program(asked->pid) != (rule->who == PROGRAM))
        return 0;
    if (rule->what == TEAR && asked->data.args[2] <= (uint64_t)rule->number)
        return 0;
    if (!has_path(rule, asked) || rule->seen++ < rule->skip ||
        (rule->most != 0 && rule->applied == rule->most))
        return 0;
    rule->applied++;
    return 1;
}

static void answer(int listener)
{
    struct seccomp_notif asked = {0};
    struct seccomp_notif_resp reply = {0};
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0)
        return; /* the caller was killed meanwhile */
    reply.id = asked.id;
    reply.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    for (int i = 0; i < rule_count; i++) {
        if (!applies(&rules[i], &asked))
            continue;
        if (rules[i].what == DELAY)
            usleep((useconds_t)rules[i].number * 1000);
        if (rules[i].what == GONE && !has_ended(&asked, rules[i].number))
            rules[i].applied--;
        if (rules[i].what == DELAY || rules[i].what == GONE)
            break;
        if (rules[i].what == TEAR)
            tear(&asked, rules[i].number);
        reply.flags = 0;
        reply.error = rules[i].what == FAIL ? -(int)rules[i].number : 0;
        reply.val = rules[i].what == ANSWER ? rules[i].number : 0;
        break;
    }
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
}

static void run_program(char **argv, const int *ends)
{
    int go;
    int listener = rule_count != 0 ? install_filter() : -1;
    /* From here on calls of the rules wait for the other process: only read and dup2 are made. */
    if (dup2(ends[0], 50) != 50 ||
        syscall(SYS_sendto, 50, &listener, sizeof listener, 0, 0, 0) < 0 ||
        syscall(SYS_recvfrom, 50, &go, sizeof go, 0, 0, 0) != sizeof go)
        _exit(98);
    close(50);
    if (getenv("INJECT_PRELOAD") != NULL)
        setenv("LD_PRELOAD", getenv("INJECT_PRELOAD"), 1);
    unsetenv("INJECT_PRELOAD");
    execv(argv[0], argv);
    _exit(97);
}

static void write_counts(const char *path)
{
    FILE *counts = fopen(path, "w");
    check(counts != NULL, path);
    for (int i = 0; i < rule_count; i++)
        fprintf(counts, "%ld\n", rules[i].applied);
    fclose(counts);
}

int main(int argc, char **argv)
{
    int at = 2;
    int ends[2];
    int status;
    for (; at < argc && strcmp(argv[at], "--") != 0; at++)
        parse_rule(argv[at]);
    check(at + 1 < argc, "usage");
    check(syscall(SYS_socketpair, 1, 5 | 02000000, 0, ends) == 0, "socketpair");
    program = fork();
    if (program == 0)
        run_program(argv + at + 1, ends);
    close(ends[0]);
    int theirs = -1;
    check(read(ends[1], &theirs, sizeof theirs) == sizeof theirs, "the program's listener");
    int listener = -1;
    if (rule_count != 0) {
        int process = (int)syscall(SYS_pidfd_open, program, 0);
        listener = (int)syscall(SYS_pidfd_getfd, process, theirs, 0);
        check(listener >= 0, "pidfd_getfd");
    }
    check(write(ends[1], &theirs, sizeof theirs) == sizeof theirs, "go");
    for (struct pollfd ready = {listener, POLLIN, 0}; rule_count != 0;) {
        if (poll(&ready, 1, -1) < 0 || (ready.revents & POLLIN) == 0)
            break; /* nobody has the filter any more */
        answer(listener);
    }
    check(waitpid(program, &status, 0) == program, "wait");
    write_counts(argv[1]);
    if (WIFSIGNALED(status)) {
        signal(WTERMSIG(status), SIG_DFL);
        raise(WTERMSIG(status));
    }
    return WEXITSTATUS(status);
}
