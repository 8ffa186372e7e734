// A program that starts under a small limit of descriptors may open as many as without Seep.
//
// expect: lost 40 bytes in 1 block, in make_block
// expect: 2 processes
#include "claim.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>

int main(int argc, char **argv)
{
    struct rlimit limit;
    int last = -1;

    if (!is_run(argc, argv, "leaf")) {
        char *again[] = {argv[0], (char[]){"leaf"}, NULL};
        must(getrlimit(RLIMIT_NOFILE, &limit) == 0);
        limit.rlim_cur = 12;
        must(limit.rlim_max > 64 && setrlimit(RLIMIT_NOFILE, &limit) == 0);
        execv("/proc/self/exe", again);
        return 127;
    }
    make_block(40);
    for (int fd; (fd = open("/dev/null", O_RDONLY)) >= 0;)
        last = fd;
    must(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    int error = errno;
    for (int fd = 3; fd <= last; fd++)
        close(fd);
    printf("%d of %lu, %s\n", last, (unsigned long)limit.rlim_cur, strerror(error));
    return 0;
}
