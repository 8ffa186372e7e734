/*
 * The private folder in which the processes of a run leave their files.
 */
#include "run.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_folder(DIR **folder)
{
    if (*folder != NULL)
        closedir(*folder);
}

static void close_descriptor(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
}
#define CLEAN_DESCRIPTOR __attribute__((cleanup(close_descriptor)))

int folder_make(struct arena *arena, const char **folder, struct problem *problem)
{
    const char *parent = getenv("TMPDIR");
    /* The path goes into the option `output`, where these have a meaning. */
    if (parent == NULL || parent[0] != '/' || strpbrk(parent, "%\"") != NULL)
        parent = "/tmp";
    char *path = arena_print(arena, "%s/seep.XXXXXX", parent);
    if (mkdtemp(path) == NULL)
        return problem_set(problem, -errno, "%s: cannot make a folder there: %s", parent,
                           strerror(errno));
    *folder = path;
    return 0;
}

void folder_remove(const char *folder)
{
    __attribute__((cleanup(close_folder))) DIR *stream = opendir(folder);
    for (struct dirent *entry; stream != NULL && (entry = readdir(stream)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(stream), entry->d_name, 0);
    rmdir(folder);
}

static int compare_left(const void *a, const void *b)
{
    const struct left_file *x = a;
    const struct left_file *y = b;
    int order = compare_u64(x->page.started_realtime_ns, y->page.started_realtime_ns);
    return order != 0 ? order : strcmp(x->path, y->path);
}

void folder_list(struct arena *arena, const char *folder, struct left_files *files)
{
    __attribute__((cleanup(close_folder))) DIR *stream = opendir(folder);
    for (struct dirent *entry; stream != NULL && (entry = readdir(stream)) != NULL;) {
        CLEAN_DESCRIPTOR int descriptor =
            openat(dirfd(stream), entry->d_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        struct stat status;
        if (descriptor < 0 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
            continue;
        struct left_file *file = VEC_ADD(arena, &files->items);
        file->path = arena_print(arena, "%s/%s", folder, entry->d_name);
        if (read(descriptor, &file->page, sizeof file->page) != (ssize_t)sizeof file->page)
            memset(&file->page, 0, sizeof file->page);
    }
    sort_items(files->items.items, files->items.count, sizeof *files->items.items, compare_left);
}

static int file_append(int output, const char *path)
{
    CLEAN_DESCRIPTOR int input = open(path, O_RDONLY | O_CLOEXEC);
    char buffer[65536];
    if (input < 0)
        return -errno;
    for (ssize_t got; (got = read(input, buffer, sizeof buffer)) != 0;) {
        if (got < 0)
            return -errno;
        for (ssize_t done = 0; done < got;) {
            ssize_t written = write(output, buffer + done, (size_t)(got - done));
            if (written < 0)
                return -errno;
            done += written;
        }
    }
    return 0;
}

int folder_gather(const struct left_files *files, const char *path, bool exclusive,
                  struct problem *problem)
{
    int how = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (exclusive ? O_EXCL : O_TRUNC);
    CLEAN_DESCRIPTOR int output = open(path, how, 0600);
    if (output < 0 && exclusive && errno == EEXIST)
        return -EEXIST;
    int error = output < 0 ? -errno : 0;
    for (size_t i = 0; error == 0 && i < files->items.count; i++)
        error = file_append(output, files->items.items[i].path);
    struct stat status;
    if (error != 0 && output >= 0 && fstat(output, &status) == 0 && S_ISREG(status.st_mode))
        unlink(path); /* a part of it would pass for a run that was cut short */
    if (error != 0)
        return problem_set(problem, error, "%s: cannot keep the leak report file: %s", path,
                           strerror(-error));
    return 0;
}
