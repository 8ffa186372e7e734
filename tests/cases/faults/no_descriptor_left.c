// The program has opened all the descriptors that it may: its threads cannot be listed then, so
// there is no collection; once one is free, there are.
//
// limit: NOFILE=64
// run: kept
// expect: status 5
// expect: reason no descriptor
// run: closed
// expect: status 5
// expect: lost 40 bytes in 1 block, in make_block
#include "fault.h"

#include <fcntl.h>

int main(int argc, char **argv)
{
    int fd;
    int last = -1;
    fault_lose(40);
    while ((fd = open("/dev/null", O_RDONLY)) >= 0)
        last = fd;
    must(errno == EMFILE && last > 3);
    fault_live(30);
    if (is_run(argc, argv, "closed"))
        must(close(last) == 0);
    puts("done");
    return FAULT_STATUS;
}
