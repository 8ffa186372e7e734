// A thread handles the page faults of some memory by userfaultfd, and must answer before a process
// is cloned: it is not waited for while it is stopped.
//
// expect: lost 40 bytes in 1 block, in make_block
// expect: reason marked in place
// expect: 2 processes
#include "claim.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { PAGE = 4096, PAGES = 64 };

static int open_handler(void)
{
    struct uffdio_api api = {.api = UFFD_API, .features = UFFD_FEATURE_EVENT_FORK};
    int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
    return fd >= 0 && ioctl(fd, UFFDIO_API, &api) == 0 ? fd : -1;
}

static void answer(int handler, const struct uffd_msg *message)
{
    if (message->event == UFFD_EVENT_FORK) {
        close((int)message->arg.fork.ufd);
        return;
    }
    struct uffdio_zeropage zero = {
        .range = {message->arg.pagefault.address & ~(uint64_t)(PAGE - 1), PAGE}};
    ioctl(handler, UFFDIO_ZEROPAGE, &zero);
}

static void *handle(void *argument)
{
    struct pollfd ready = {*(int *)argument, POLLIN, 0};
    struct uffd_msg message;
    while (poll(&ready, 1, -1) == 1)
        if (read(ready.fd, &message, sizeof message) == sizeof message)
            answer(ready.fd, &message);
    return NULL;
}

int main(void)
{
    static int handler;
    pthread_t thread;
    handler = open_handler();
    if (handler < 0)
        return CANNOT_RUN_HERE;
    char *area =
        mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct uffdio_register range = {.range = {(uintptr_t)area, PAGES * PAGE},
                                    .mode = UFFDIO_REGISTER_MODE_MISSING};
    must(area != MAP_FAILED && ioctl(handler, UFFDIO_REGISTER, &range) == 0);
    must(pthread_create(&thread, NULL, handle, &handler) == 0);
    for (int i = 0; i < PAGES / 2; i++)
        area[i * PAGE] = 1;
    make_block(40);
    scrub();
    pid_t child = fork(); /* waits for the thread, too */
    if (child == 0)
        _exit(0);
    must(waitpid(child, NULL, 0) == child);
    return 0;
}
