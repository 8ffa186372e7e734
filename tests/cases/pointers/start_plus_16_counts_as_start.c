// A pointer to the start plus 16, as glibc's only one to a thread's table of thread-local storage,
// counts as one to the start.
//
// expect: nothing lost
#include "claim.h"

char *behind_header;

int main(void)
{
    behind_header = (char *)make_block(64) + 16;
    return 0;
}
