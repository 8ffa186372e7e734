// The only pointer lies in memory whose faults the program handles itself, by userfaultfd: a page
// that was given keeps its block, one that never was is not asked for, so nobody waits.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: given
// expect: nothing lost
#include "claim.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { PAGE = 4096, PAGES = 4 };

static int open_handler(void)
{
    struct uffdio_api api = {.api = UFFD_API};
    int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
    return fd >= 0 && ioctl(fd, UFFDIO_API, &api) == 0 ? fd : -1;
}

/* Nobody reads the messages: a fault would wait for ever. Only the first page is given. */
static OWN_FRAME void give_page(int handler, char *area, void *block)
{
    void **page = aligned_alloc(PAGE, PAGE);
    memset(page, 0, PAGE);
    page[5] = block;
    struct uffdio_copy copy = {.dst = (uintptr_t)area, .src = (uintptr_t)page, .len = PAGE};
    must(ioctl(handler, UFFDIO_COPY, &copy) == 0);
    memset(page, 0, PAGE);
    free(page);
}

int main(int argc, char **argv)
{
    int handler = open_handler();
    if (handler < 0)
        return CANNOT_RUN_HERE;
    char *area =
        mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct uffdio_register range = {.range = {(uintptr_t)area, PAGES * PAGE},
                                    .mode = UFFDIO_REGISTER_MODE_MISSING};
    must(area != MAP_FAILED && ioctl(handler, UFFDIO_REGISTER, &range) == 0);
    void *block = make_block(40);
    give_page(handler, area, is_run(argc, argv, "given") ? block : NULL);
    scrub();
    return 0;
}
