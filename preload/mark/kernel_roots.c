/*
 * Pointers that only the kernel holds for the program: the data words of epoll (an event loop often
 * keeps its connections nowhere else) and the arguments of POSIX timers.
 *
 * Called by roots_collect. The snapshot has closed its descriptors, so the program's entries in
 * /proc are read; where they cannot be (hidepid, no /proc) there are no such roots.
 */
#include <stdbool.h>
#include <string.h>

#include "../base/sys.h"
#include "../base/text.h"
#include "plan.h"

enum { KERNEL_BUFFER_BYTES = 64 << 10, KERNEL_PATH_BYTES = 96 };

/* As getdents64 gives them. */
struct kernel_entry {
    uint64_t inode;
    int64_t offset;
    uint16_t bytes;
    uint8_t type;
    char name[];
};

static void kernel_roots_path(char path[KERNEL_PATH_BYTES], int pid, const char *folder,
                              const char *name)
{
    struct text text = {path, 0, KERNEL_PATH_BYTES};
    text_add(&text, "/proc/");
    text_add_number(&text, (uint64_t)pid);
    text_add(&text, folder);
    text_add(&text, name);
}

static const char *kernel_roots_after(const char *line, const char *end, const char *word)
{
    size_t length = strlen(word);
    for (; line + length <= end; line++)
        if (memcmp(line, word, length) == 0)
            return line + length;
    return NULL;
}

/* One line: the number of base 16 behind `word` and what separates it: blanks, or up to `/`. */
static void kernel_roots_add_line(struct plan *plan, const char *line, const char *end,
                                  const char *word)
{
    const char *at = kernel_roots_after(line, end, word);
    if (at == NULL)
        return;
    const char *slash = memchr(at, '/', (size_t)(end - at));
    if (strcmp(word, "signal:") == 0 && slash != NULL)
        at = slash + 1;
    while (at < end && *at == ' ')
        at++;
    roots_add_value(plan->roots, text_number(&at, 16), ROOTS_KERNEL, ROOTS_NO_THREAD);
}

/* Reads a file line by line; lines longer than the buffer do not occur. */
static void kernel_roots_add_file(struct plan *plan, const char *path, char *buffer,
                                  const char *word)
{
    int fd = sys_open(path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return;
    size_t have = 0;
    ssize_t got;
    while ((got = sys_read(fd, buffer + have, KERNEL_BUFFER_BYTES - 1 - have)) > 0) {
        have += (size_t)got;
        buffer[have] = '\0';
        char *line = buffer;
        char *stop;
        while ((stop = memchr(line, '\n', have - (size_t)(line - buffer))) != NULL) {
            kernel_roots_add_line(plan, line, stop, word);
            line = stop + 1;
        }
        have -= (size_t)(line - buffer);
        memmove(buffer, line, have);
    }
    sys_close(fd);
}

static bool kernel_roots_is_epoll(int pid, const char *name)
{
    static const char epoll[] = "anon_inode:[eventpoll]";
    char path[KERNEL_PATH_BYTES];
    char target[sizeof epoll];
    kernel_roots_path(path, pid, "/fd/", name);
    long length = sys_call(SYS_readlinkat, AT_FDCWD, path, target, sizeof target);
    return length == (long)sizeof epoll - 1 && memcmp(target, epoll, sizeof epoll - 1) == 0;
}

/* `buffer` holds the entries of the folder, then the text of a file. */
static void kernel_roots_add_epoll(struct plan *plan, int pid, char *buffer)
{
    char path[KERNEL_PATH_BYTES];
    char *entries = buffer + KERNEL_BUFFER_BYTES;
    kernel_roots_path(path, pid, "/fd", "");
    int fd = sys_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (fd < 0)
        return;
    long got;
    while ((got = sys_call(SYS_getdents64, fd, entries, KERNEL_BUFFER_BYTES)) > 0)
        for (long at = 0; at < got;) {
            const struct kernel_entry *entry = (const struct kernel_entry *)(entries + at);
            at += entry->bytes;
            if (entry->name[0] == '.' || !kernel_roots_is_epoll(pid, entry->name))
                continue;
            kernel_roots_path(path, pid, "/fdinfo/", entry->name);
            kernel_roots_add_file(plan, path, buffer, " data:");
        }
    sys_close(fd);
}

void plan_add_kernel(struct plan *plan)
{
    char path[KERNEL_PATH_BYTES];
    int pid = plan->request->world->program_pid;
    char *buffer = pages_map(2 * KERNEL_BUFFER_BYTES);
    if (buffer == NULL)
        return;
    kernel_roots_add_epoll(plan, pid, buffer);
    kernel_roots_path(path, pid, "/timers", "");
    kernel_roots_add_file(plan, path, buffer, "signal:");
    pages_unmap(buffer, 2 * KERNEL_BUFFER_BYTES);
}
