// Preloaded by same_output.py into a run without Seep: one byte in the file COUNT_THREADS for every
// thread that the programs of a command line start.
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

int pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*start)(void *),
                   void *argument)
{
    static int (*next)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    const char *path = getenv("COUNT_THREADS");
    int fd = path == NULL ? -1 : open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

    if (fd >= 0) {
        (void)write(fd, "t", 1);
        close(fd);
    }
    if (next == NULL)
        next = (int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))dlsym(
            RTLD_NEXT, "pthread_create");
    return next(thread, how, start, argument);
}
