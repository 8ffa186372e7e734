// The address space is limited (`ulimit -v`) to less than the library's tables and what a program
// should have beside them: it runs unwatched, has all of it, and is told so.
//
// limit: AS=60000000
// option: print=summary
// expect: status 5
// expect: told cannot start: no memory; the program runs unwatched
// expect: no file
#include "fault.h"

#include <sys/mman.h>

int main(void)
{
    enum { ALL_BUT_OTHERS = 48 << 20 };
    void *most =
        mmap(NULL, ALL_BUT_OTHERS, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(most != MAP_FAILED);
    return fault_main();
}
