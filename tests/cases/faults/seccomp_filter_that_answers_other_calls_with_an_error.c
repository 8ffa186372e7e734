// The program installs a seccomp filter that answers other calls with an error. A collection comes
// before; then only calls are made that the program makes itself, and the run is inconclusive.
//
// expect: status 5
// expect: reason a seccomp filter was installed
// expect: lost 40 bytes in 1 block, in make_block
#include "fault.h"
#include "filter.h"

int main(void)
{
    fault_lose(40);
    fault_live(5);
    if (filter_install(SECCOMP_RET_ERRNO | EPERM) != 0)
        return CANNOT_RUN_HERE;
    fault_lose(50);
    fault_live(30);
    puts("done");
    return FAULT_STATUS;
}
