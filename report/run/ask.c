/*
 * Asks a running program for a collection, for `seep collect`; see run.h.
 *
 * The library keeps its leak report file open, maybe without a name; its first page has the words
 * of the exchange. We add 1 to `request` and send the signal that the page names, again and again:
 * a thread may have been busy. The snapshot that wrote the findings stores the number in
 * `answered`. A forked child has no file until it has something to say: it opens one when asked.
 */
#include "run.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ASK_PAUSE_MS = 2, ASK_AGAIN_MS = 100 };

static void close_folder(DIR **folder)
{
    if (*folder != NULL)
        closedir(*folder);
}

struct ask {
    pid_t pid;
    uint64_t wait_ms;
    char path[64];              /* of the file, as /proc has it */
    struct leakfile_page *page; /* NULL: not found yet */
    uint32_t signal;
};

static void ask_unmap(struct ask *ask)
{
    if (ask->page != NULL)
        munmap(ask->page, sizeof *ask->page);
    ask->page = NULL;
}

/* Does a line of a file below /proc/PID have this in it? -errno where it cannot be read. */
static int process_file_has(pid_t pid, const char *name, const char *text, char line[256])
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    CLEAN_STREAM FILE *stream = fopen(path, "re");
    if (stream == NULL)
        return -errno;
    char whole[4400];
    errno = 0;
    while (fgets(whole, sizeof whole, stream) != NULL)
        if (strstr(whole, text) != NULL) {
            snprintf(line, 256, "%.255s", whole);
            return 1;
        }
    return -errno;
}

/* Is the file that the descriptor `name` leads to the section of this process? A parent's section
 * at least tells the signal. */
static void ask_try_descriptor(struct ask *ask, const char *name)
{
    char path[sizeof ask->path];
    snprintf(path, sizeof path, "/proc/%d/fd/%.16s", (int)ask->pid, name);
    struct stat status;
    if (ask->page != NULL || stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
        status.st_size < (off_t)sizeof(struct leakfile_page))
        return;
    int descriptor = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return;
    struct leakfile_page *page =
        mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (page == MAP_FAILED)
        return;
    bool is_section = memcmp(page->magic, LEAKFILE_MAGIC, sizeof page->magic) == 0 &&
                      page->version == LEAKFILE_VERSION && page->signal != 0;
    if (is_section)
        ask->signal = page->signal;
    if (is_section && page->pid == (uint32_t)ask->pid) {
        ask->page = page;
        memcpy(ask->path, path, sizeof path);
        return;
    }
    munmap(page, sizeof *page);
}

static void ask_find_page(struct ask *ask)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)ask->pid);
    __attribute__((cleanup(close_folder))) DIR *folder = opendir(path);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.')
            ask_try_descriptor(ask, entry->d_name);
}

/* The first thing that is wrong with asking this process, told. */
static int ask_check(const struct ask *ask, struct problem *problem)
{
    char path[64];
    char line[256];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%d", (int)ask->pid);
    if (stat(path, &status) != 0)
        return problem_set(problem, -ESRCH, "%d: no such process", (int)ask->pid);
    int found = process_file_has(ask->pid, "maps", "libseep.so", line);
    if (found == -EACCES || found == -EPERM)
        return problem_set(problem, -EPERM, "%d: the process is another user's", (int)ask->pid);
    if (found == -ESRCH || process_file_has(ask->pid, "status", "State:\tZ", line) == 1)
        return problem_set(problem, -ESRCH, "%d: the process has ended", (int)ask->pid);
    if (found != 1)
        return problem_set(problem, -ENOEXEC,
                           "%d: the process was not started with libseep.so preloaded",
                           (int)ask->pid);
    return 0;
}

static bool process_catches(pid_t pid, uint32_t number)
{
    char line[256];
    return number >= 1 && number <= 64 && process_file_has(pid, "status", "SigCgt:", line) == 1 &&
           (strtoull(line + strlen("SigCgt:"), NULL, 16) >> (number - 1) & 1) != 0;
}

static bool ask_is_answered(const struct ask *ask, uint32_t request)
{
    return ask->page != NULL &&
           (int32_t)(__atomic_load_n(&ask->page->answered, __ATOMIC_ACQUIRE) - request) >= 0;
}

static uint64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static uint32_t ask_add_request(struct ask *ask)
{
    return ask->page != NULL ? __atomic_add_fetch(&ask->page->request, 1, __ATOMIC_ACQ_REL) : 0;
}

/* Signals until the answer is there. */
static int ask_until_answered(struct ask *ask, struct problem *problem)
{
    uint64_t until = clock_ms() + ask->wait_ms;
    uint64_t again = 0;
    uint32_t request = ask_add_request(ask);
    while (!ask_is_answered(ask, request)) {
        uint64_t now = clock_ms();
        if (now >= until)
            return problem_set(problem, -ETIMEDOUT, "%d: no answer in %" PRIu64 " ms",
                               (int)ask->pid, ask->wait_ms);
        if (now >= again) {
            union sigval value = {.sival_int = 0};
            if (sigqueue(ask->pid, (int)ask->signal, value) != 0 && errno != EAGAIN)
                return problem_set(problem, -errno,
                                   errno == ESRCH   ? "%d: the process ended before it answered"
                                   : errno == EPERM ? "%d: the process is another user's"
                                                    : "%d: the process cannot be signalled",
                                   (int)ask->pid);
            again = now + ASK_AGAIN_MS;
        }
        struct timespec moment = {0, ASK_PAUSE_MS * 1000000};
        nanosleep(&moment, NULL);
        if (ask->page == NULL) {
            ask_find_page(ask);
            request = ask_add_request(ask);
            again = ask->page != NULL ? 0 : again;
        }
        char line[256];
        if (process_file_has(ask->pid, "status", "State:\tZ", line) == 1)
            return problem_set(problem, -ESRCH, "%d: the process ended before it answered",
                               (int)ask->pid);
    }
    return 0;
}

int program_ask(struct arena *arena, const struct program_request *wanted, const char **file,
                struct problem *problem)
{
    __attribute__((cleanup(ask_unmap))) struct ask ask = {.pid = wanted->pid,
                                                          .wait_ms = wanted->wait_ms};
    int error = ask_check(&ask, problem);
    if (error < 0)
        return error;
    ask_find_page(&ask);
    bool is_over = ask.page != NULL && ask.page->alive == 0;
    if (is_over || ask.signal == 0 || !process_catches(ask.pid, ask.signal))
        return problem_set(problem, -ENOTCONN, "%d: the process is not watched%s", (int)ask.pid,
                           is_over ? " any more" : "");
    error = ask_until_answered(&ask, problem);
    if (error == 0)
        *file = arena_copy_text(arena, ask.path, strlen(ask.path));
    return error;
}
