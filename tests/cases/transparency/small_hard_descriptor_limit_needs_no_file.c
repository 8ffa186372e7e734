// A program that may open few descriptors has them all, too, where its leak file is kept only if
// there is something to say.
//
// option: keep=no
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum { DESCRIPTORS = 12 };

static int start_limited(char **argv)
{
    char *again[] = {argv[0], (char[]){"limited"}, NULL};
    struct rlimit limit = {DESCRIPTORS, DESCRIPTORS};
    prctl(PR_CAPBSET_DROP, CAP_SYS_RESOURCE, 0, 0, 0); /* only root has it to lose */
    must(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    execv("/proc/self/exe", again);
    return 127;
}

static int use_all_descriptors(void)
{
    int last = -1;
    make_block(40);
    for (int fd; (fd = open("/dev/null", O_RDONLY)) >= 0;)
        last = fd;
    int error = errno;
    close(last);
    printf("%d, %s\n", last, strerror(error));
    return 0;
}

int main(int argc, char **argv)
{
    if (!is_run(argc, argv, "limited"))
        return start_limited(argv);
    return use_all_descriptors();
}
