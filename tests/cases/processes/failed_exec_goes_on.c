// A program whose exec fails goes on, and is reported once, at its end.
//
// expect: lost 40 bytes in 1 block, in make_block
// expect: 1 process
#include "claim.h"

#include <errno.h>

int main(int argc, char **argv)
{
    must(argc == 1);
    must(execv("/nonexistent/program", argv) == -1 && errno == ENOENT);
    make_block(40);
    return 0;
}
