/* Lists threads and reads their state from /proc; see threads.h. */
#include "threads.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "../base/sys.h"
#include "../base/text.h"

/* As getdents64(2) describes it. */
struct threads_entry {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

int threads_each(bool (*each)(int tid, void *argument), void *argument)
{
    int folder = sys_open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (folder < 0)
        return folder;
    int hits = 0;
    long got;
    _Alignas(8) char buffer[4096];
    while ((got = sys_call(SYS_getdents64, folder, buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < got;) {
            const struct threads_entry *entry = (const void *)(buffer + at);
            const char *digits = entry->name;
            int tid = (int)text_number(&digits, 10);
            if (tid != 0 && each(tid, argument))
                hits++;
            at += entry->length;
        }
    }
    sys_close(folder);
    return got < 0 ? (int)got : hits;
}

/* Bits of the field `flags` of /proc/…/stat, from the kernel's linux/sched.h: made by io_uring or
 * by another part of the kernel for this process; such threads run no user code. */
enum { THREADS_IO_WORKER = 0x10, THREADS_KTHREAD = 0x200000, THREADS_USER_WORKER = 0x4000 };

bool threads_cannot_answer(int tid)
{
    char path[48];
    char stat[512];
    struct text text = TEXT_OF(path);
    text_add(&text, "/proc/self/task/");
    text_add_number(&text, (uint64_t)tid);
    text_add(&text, "/stat");
    ssize_t length = sys_read_file(path, stat, sizeof stat - 1);
    if (length <= 0)
        return true;
    stat[length] = '\0';
    const char *at = strrchr(stat, ')');
    if (at == NULL || at[1] == '\0')
        return false;
    char state = at[2];
    if (state == 'Z' || state == 'X')
        return true;
    at += 3;
    for (int field = 0; field < 6 && *at != '\0'; at++)
        field += *at == ' ';
    uint64_t flags = text_number(&at, 10);
    return (flags & (THREADS_IO_WORKER | THREADS_KTHREAD | THREADS_USER_WORKER)) != 0;
}

int threads_number_in_proc(void)
{
    char link[24];
    long length = sys_call(SYS_readlink, "/proc/self", link, sizeof link - 1);
    if (length <= 0)
        return 0;
    link[length] = '\0';
    const char *at = link;
    return (int)text_number(&at, 10);
}
