// A program that closes its standard output and standard error in an exit handler, as the coreutils
// do, or all its descriptors before it ends, is reported all the same.
//
// run: handler
// expect: lost 40 bytes in 1 block, in make_block
// run: all
// expect: lost 40 bytes in 1 block, in make_block
// run: at-once
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

static void close_output(void)
{
    must(fclose(stdout) == 0 && fclose(stderr) == 0);
}

int main(int argc, char **argv)
{
    if (is_run(argc, argv, "at-once")) {
        close(STDIN_FILENO);
        close(STDOUT_FILENO);
        close(STDERR_FILENO);
    }
    if (is_run(argc, argv, "handler")) {
        atexit(close_output);
        puts("a line");
    }
    make_block(40);
    if (is_run(argc, argv, "all"))
        for (int descriptor = 0; descriptor < 1024; descriptor++)
            close(descriptor);
    return 0;
}
