// The program gets the descriptor numbers that it gets without Seep, and its own files through
// them.
//
// expect: nothing lost
#include "claim.h"

#include <fcntl.h>

static void open_some(const char *when)
{
    int files[3];

    for (int i = 0; i < 3; i++)
        files[i] = open("/dev/null", O_RDONLY);
    printf("%s: %d %d %d\n", when, files[0], files[1], files[2]);
    for (int i = 0; i < 3; i++)
        close(files[i]);
}

int main(void)
{
    open_some("at first");
    for (int i = 0; i < 1000; i++)
        free(make_block((size_t)i + 1));
    open_some("after allocating");
    int ends[2];
    must(pipe(ends) == 0);
    printf("pipe: %d %d\n", ends[0], ends[1]);
    return 0;
}
