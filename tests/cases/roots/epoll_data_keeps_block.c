// A pointer that only the kernel has, as the data of an epoll entry, keeps its block.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: given
// expect: nothing lost
#include "claim.h"

#include <sys/epoll.h>

static OWN_FRAME void watch(int epoll, int pipe_end, void *data)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = data};

    must(epoll_ctl(epoll, EPOLL_CTL_ADD, pipe_end, &event) == 0);
}

int main(int argc, char **argv)
{
    int ends[2];
    int epoll = epoll_create1(EPOLL_CLOEXEC);

    must(epoll >= 0 && pipe(ends) == 0);
    void *block = make_block(40);
    watch(epoll, ends[0], is_run(argc, argv, "given") ? block : NULL);
    scrub();
    return 0;
}
