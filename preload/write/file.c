/* Opens, names and guards the leak report file; see file.h. Raw system calls only. */
#include "file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "../base/checksum.h"
#include "../base/clock.h"
#include "../base/pages.h"
#include "../base/sys.h"
#include "../base/text.h"

enum {
    FILE_FD_TOP = 1000, /* the kernel sizes the table by the highest descriptor: 1024 is its step */
    FILE_FD_FEW = 1024, /* a program with so few may use them all: ours go above its limit */
    FILE_FD_BEYOND = 16, /* how far the limit is raised for that, for a moment */
    FILE_TRIES = 1000
};

static void file_expand(struct text *name, const char *pattern, const char *program)
{
    for (; *pattern != '\0'; pattern++) {
        if (*pattern != '%' || pattern[1] == '\0') {
            text_add_char(name, *pattern);
            continue;
        }
        pattern++;
        if (*pattern == 'p')
            text_add_number(name, (uint64_t)sys_getpid());
        else if (*pattern == 'e')
            text_add(name, program);
        else
            text_add_char(name, *pattern);
    }
}

int file_place(struct file *file, const char *pattern, const char *program)
{
    struct text folder = TEXT_OF(file->folder);
    const char *slash = strrchr(pattern, '/');
    const char *base = slash != NULL ? slash + 1 : pattern;
    if (pattern[0] != '/') {
        long length = sys_call(SYS_getcwd, file->folder, sizeof file->folder);
        if (length < 0)
            return (int)length;
        folder.length = (size_t)length - 1;
        if (slash != NULL)
            text_add_char(&folder, '/');
    }
    if (slash != NULL)
        text_add_bytes(&folder, pattern, slash == pattern ? 1 : (size_t)(slash - pattern));
    struct text name = TEXT_OF(file->name);
    file_expand(&name, base, program);
    file->pid = (uint32_t)sys_getpid();
    file->ppid = (uint32_t)sys_call(SYS_getppid);
    file->fd = -1;
    file->is_named = false;
    file->hidden[0] = '\0';
    return name.length == 0 || folder.length + 1 >= sizeof file->folder ? -ENAMETOOLONG : 0;
}

static bool file_stat(int fd, struct stat *status)
{
    return sys_call(SYS_fstat, fd, status) == 0;
}

bool file_is_full(int fd, size_t length)
{
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    struct stat status;
    sys_call(SYS_prlimit64, 0, RLIMIT_FSIZE, NULL, &limit);
    return limit.rlim_cur != RLIM_INFINITY &&
           (!file_stat(fd, &status) || (uint64_t)status.st_size + length > limit.rlim_cur);
}

ssize_t file_append(int fd, const void *bytes, size_t length)
{
    return file_is_full(fd, length) ? -EFBIG : sys_write(fd, bytes, length);
}

/* The least number for a descriptor that is to be above the limit of descriptors; negative where
 * that is not wanted or not allowed. `*limit` gets what is to be put back. */
static long file_go_beyond(struct rlimit *limit)
{
    if (limit->rlim_cur > FILE_FD_FEW)
        return -1;
    struct rlimit more = {limit->rlim_cur + FILE_FD_BEYOND, limit->rlim_max};
    if (more.rlim_max < more.rlim_cur)
        more.rlim_max = more.rlim_cur;
    long error = sys_call(SYS_prlimit64, 0, RLIMIT_NOFILE, &more, NULL);
    return error == 0 ? (long)limit->rlim_cur : error;
}

bool file_takes_a_place(void)
{
    struct rlimit limit = {FILE_FD_TOP, FILE_FD_TOP};
    sys_call(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit);
    if (limit.rlim_cur > FILE_FD_FEW)
        return false;
    bool is_refused = file_go_beyond(&limit) < 0;
    if (!is_refused)
        sys_call(SYS_prlimit64, 0, RLIMIT_NOFILE, &limit, NULL);
    return is_refused;
}

int file_move_high(int fd)
{
    if (fd < 0)
        return fd;
    struct rlimit limit = {FILE_FD_TOP, FILE_FD_TOP};
    sys_call(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit);
    long top = limit.rlim_cur < FILE_FD_TOP ? (long)limit.rlim_cur : FILE_FD_TOP;
    long high = -EMFILE;
    long beyond = file_go_beyond(&limit);
    if (beyond >= 0) {
        high = sys_call(SYS_fcntl, fd, F_DUPFD_CLOEXEC, beyond);
        sys_call(SYS_prlimit64, 0, RLIMIT_NOFILE, &limit, NULL);
    }
    long step = top > 64 ? 8 : 1;
    for (long least = top - step; high < 0 && least > 2; least -= step)
        high = sys_call(SYS_fcntl, fd, F_DUPFD_CLOEXEC, least);
    sys_close(fd);
    return (int)high;
}

void file_path(const struct file *file, char *path, size_t bytes)
{
    struct text text = {path, 0, bytes};
    text_add(&text, file->folder);
    text_add_char(&text, '/');
    text_add(&text, file->name);
}

bool file_is(int fd, uint64_t device, uint64_t inode)
{
    struct stat status;
    return fd >= 0 && file_stat(fd, &status) && status.st_dev == device && status.st_ino == inode;
}

bool file_is_ours(const struct file *file)
{
    return file_is(file->fd, file->device, file->inode);
}

struct leakfile_page *file_page(const struct file *file)
{
    struct stat status;
    bool is_whole = file->page != NULL && file->fd >= 0 && file_stat(file->fd, &status) &&
                    status.st_dev == file->device && status.st_ino == file->inode &&
                    status.st_size >= (off_t)sizeof *file->page;
    return is_whole ? file->page : NULL;
}

static int file_open_hidden(struct file *file, int folder)
{
    struct text name = TEXT_OF(file->hidden);
    text_add(&name, ".seep-");
    text_add_number(&name, (uint64_t)sys_getpid());
    text_add_char(&name, '-');
    text_add_hex(&name, clock_now_ns());
    return (int)sys_call(SYS_openat, folder, file->hidden,
                         O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND | O_CLOEXEC, 0600);
}

/* Calls `try` with the wanted name, then with `.2`, `.3` … behind it while it exists. */
static int file_try_names(struct file *file, int folder,
                          int (*try)(struct file *file, int folder, const char *name))
{
    char wanted[sizeof file->name];
    memcpy(wanted, file->name, sizeof wanted);
    int result = try(file, folder, wanted);
    for (uint64_t number = 2; result == -EEXIST && number < FILE_TRIES; number++) {
        struct text name = TEXT_OF(file->name);
        text_add(&name, wanted);
        text_add_char(&name, '.');
        text_add_number(&name, number);
        result = try(file, folder, file->name);
    }
    return result;
}

static int file_try_create(struct file *file, int folder, const char *name)
{
    (void)file;
    return (int)sys_call(SYS_openat, folder, name,
                         O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND | O_CLOEXEC, 0600);
}

static int file_try_link(struct file *file, int folder, const char *name)
{
    if (file->hidden[0] != '\0')
        return (int)sys_call(SYS_renameat2, folder, file->hidden, folder, name, RENAME_NOREPLACE);
    char link[48];
    struct text path = TEXT_OF(link);
    text_add(&path, "/proc/self/fd/");
    text_add_number(&path, (uint64_t)file->fd);
    return (int)sys_call(SYS_linkat, AT_FDCWD, link, folder, name, AT_SYMLINK_FOLLOW);
}

static int file_folder(const struct file *file)
{
    return sys_open(file->folder, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
}

int file_name(struct file *file)
{
    if (file->is_named)
        return 0;
    int folder = file_folder(file);
    if (folder < 0)
        return folder;
    int result = file_try_names(file, folder, file_try_link);
    sys_close(folder);
    if (result == 0)
        file->is_named = true;
    return result;
}

static void file_map_page(struct file *file)
{
    long mapped = sys_call(SYS_mmap, NULL, sizeof *file->page, PROT_READ | PROT_WRITE, MAP_SHARED,
                           file->fd, 0);
    if (mapped > 0 && pages_register((uintptr_t)mapped, (uintptr_t)mapped + sizeof *file->page))
        file->page = (struct leakfile_page *)mapped;
}

/* Writes the first page, so that the disk has room for it, and maps it if asked to. */
static int file_begin(struct file *file, bool shared)
{
    struct leakfile_page page = {
        .magic = LEAKFILE_MAGIC,
        .version = LEAKFILE_VERSION,
        .page_bytes = LEAKFILE_PAGE_BYTES,
        .pid = file->pid,
        .ppid = file->ppid,
        .started_realtime_ns = clock_wall_ns(),
        .alive = shared,
    };
    page.checksum = checksum_add(0, &page, offsetof(struct leakfile_page, checksum));
    ssize_t wrote = file_append(file->fd, &page, sizeof page);
    if (wrote != sizeof page)
        return wrote < 0 ? (int)wrote : -ENOSPC;
    if (shared)
        file_map_page(file);
    return 0;
}

int file_share(struct file *file)
{
    int error = file_reopen(file);
    if (error != 0)
        return error;
    file->fd = file_move_high(file->fd);
    if (file->fd < 0)
        return file->fd;
    file_map_page(file);
    if (file->page != NULL)
        file->page->alive = 1;
    return 0;
}

void file_put_away(struct file *file)
{
    if (file->page != NULL) { /* `seep collect` looks for the descriptor: nobody will ask */
        file->page->alive = 0;
        pages_unmap(file->page, sizeof *file->page);
    }
    file->page = NULL;
    sys_close(file->fd);
    file->fd = -1;
}

int file_reopen(struct file *file)
{
    char path[FILE_PATH_BYTES + 256];
    if (!file->is_named)
        return -ENOENT;
    file_path(file, path, sizeof path);
    int fd = sys_open(path, O_RDWR | O_NOFOLLOW | O_APPEND | O_CLOEXEC, 0);
    if (fd < 0)
        return fd;
    if (!file_is(fd, file->device, file->inode)) {
        sys_close(fd);
        return -ENOENT;
    }
    file->fd = fd;
    return 0;
}

int file_discard(struct file *file, int error)
{
    int folder = file_folder(file);
    if (folder >= 0 && (file->is_named || file->hidden[0] != '\0'))
        sys_call(SYS_unlinkat, folder, file->is_named ? file->name : file->hidden, 0);
    if (folder >= 0)
        sys_close(folder);
    if (file->fd >= 0)
        sys_close(file->fd);
    file->fd = -1;
    file->is_named = false;
    file->hidden[0] = '\0';
    return error;
}

int file_open(struct file *file, bool named, bool shared)
{
    int folder = file_folder(file);
    if (folder < 0)
        return folder;
    int fd;
    if (named) {
        fd = file_try_names(file, folder, file_try_create);
        file->is_named = fd >= 0;
    } else {
        fd =
            (int)sys_call(SYS_openat, folder, ".", O_TMPFILE | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
        if (fd == -EOPNOTSUPP || fd == -EISDIR || fd == -EINVAL)
            fd = file_open_hidden(file, folder);
    }
    sys_close(folder);
    file->fd = file_move_high(fd);
    struct stat status;
    if (file->fd < 0 || !file_stat(file->fd, &status))
        return fd < 0 ? fd : file_discard(file, file->fd < 0 ? file->fd : -EBADF);
    file->device = status.st_dev;
    file->inode = status.st_ino;
    int error = file_begin(file, shared);
    return error == 0 ? 0 : file_discard(file, error);
}
