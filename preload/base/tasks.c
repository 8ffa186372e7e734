/* The threads of this process, from /proc/self/task; see tasks.h. */
#include "tasks.h"

#include <sys/stat.h>

#include "sys.h"
#include "text.h"

/* As getdents64(2) describes it. */
struct tasks_entry {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

int tasks_each(bool (*each)(int tid, void *argument), void *argument)
{
    int folder = sys_open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (folder < 0)
        return folder;
    int hits = 0;
    long got;
    _Alignas(8) char buffer[4096];
    while ((got = sys_call(SYS_getdents64, folder, buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < got;) {
            const struct tasks_entry *entry = (const void *)(buffer + at);
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

int tasks_count(void)
{
    struct stat folder; /* on x86-64 as the kernel has it */
    int error = (int)sys_call(SYS_newfstatat, AT_FDCWD, "/proc/self/task", &folder, 0);
    return error != 0 ? error : (int)folder.st_nlink - 2;
}

int tasks_number_in_proc(void)
{
    char link[24];
    long length = sys_call(SYS_readlink, "/proc/self", link, sizeof link - 1);
    if (length <= 0)
        return 0;
    link[length] = '\0';
    const char *at = link;
    return (int)text_number(&at, 10);
}
