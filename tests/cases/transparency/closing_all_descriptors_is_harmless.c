// After closefrom(3), or closing one by one, the program's own files are what it reads and writes,
// and its losses are reported.
//
// run: closefrom
// expect: lost 40 bytes in 1 block, in make_block
// run: close
// expect: lost 40 bytes in 1 block, in make_block
// run: close_range
// expect: lost 40 bytes in 1 block, in make_block
// run: dup2
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

#include <fcntl.h>

static void take_all(const char *how)
{
    if (strcmp(how, "closefrom") == 0)
        closefrom(3);
    else if (strcmp(how, "close_range") == 0)
        must(close_range(3, ~0U, 0) == 0);
    else if (strcmp(how, "close") == 0)
        for (int descriptor = 3; descriptor < 1024; descriptor++)
            close(descriptor);
    else
        for (int descriptor = 3; descriptor < 1024; descriptor++)
            dup2(STDIN_FILENO, descriptor);
}

int main(int argc, char **argv)
{
    char text[8] = "";
    int ends[2];

    must(argc == 2);
    free(make_block(100));
    take_all(argv[1]);
    if (strcmp(argv[1], "dup2") == 0) {
        close(10);
        close(11);
    }
    must(pipe(ends) == 0);
    printf("%d %d\n", ends[0], ends[1]);
    make_block(40);
    for (int i = 0; i < 100; i++)
        free(make_block(1000));
    must(write(ends[1], "mine", 5) == 5 && read(ends[0], text, sizeof text) == 5);
    puts(text);
    return 0;
}
