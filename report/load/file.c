/*
 * Reads a file whole. A mapping would end the command with SIGBUS if the file were cut meanwhile.
 */
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_descriptor(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
}

/* Reads until the end or until `room` is full; `*length` is what was read. */
static int file_fill(int descriptor, uint8_t *bytes, size_t room, size_t *length)
{
    *length = 0;
    while (*length < room) {
        ssize_t got = read(descriptor, bytes + *length, room - *length);
        if (got == 0)
            break;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        *length += (size_t)got;
    }
    return 0;
}

int load_file(struct model *model, const char *path, struct problem *problem)
{
    __attribute__((cleanup(close_descriptor))) int descriptor =
        open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) != 0)
        return problem_set(problem, -errno, "%s: %s", path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return problem_set(problem, -EINVAL, "%s: not a regular file", path);

    size_t room = (size_t)status.st_size;
    CLEAN_FREE uint8_t *bytes = malloc(room + 1);
    if (bytes == NULL)
        return problem_set(problem, -ENOMEM, "%s: too big to be read (%zu bytes)", path, room);
    size_t length;
    int error = file_fill(descriptor, bytes, room, &length);
    if (error < 0)
        return problem_set(problem, error, "%s: %s", path, strerror(-error));

    struct load_input input = {.name = path, .bytes = bytes, .length = length};
    return load_bytes(model, &input, problem);
}
