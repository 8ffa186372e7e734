// The program uses up its address space (`ulimit -v`), so that there is none to record the blocks
// of another part of it, nor to compare collections: it gets what it asks for, and the report says
// what is missing.
//
// limit: AS=200000000
// run: filled
// expect: status 5
// expect: no other reason
// expect: reason no memory for recording
// expect: reason no memory to compare collections
// expect: lost 40 bytes in 1 block, in make_block
// run: returned
// expect: status 5
// expect: no other reason
// expect: reason no memory to compare collections
// expect: lost 40 bytes in 1 block, in make_block
#include "fault.h"

#include <sys/mman.h>

enum { FILLS = 512, FILL_BYTES = 1 << 20, LEFT = 12, LEFT_FOR_THE_MARK = 72 };

static char *fills[FILLS];

/* Takes all there is; returns the number of pieces. */
static int fill(void)
{
    int count = 0;
    while (count < FILLS) {
        char *piece =
            mmap(NULL, FILL_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (piece == MAP_FAILED)
            break;
        fills[count++] = piece;
    }
    must(count < FILLS && count > LEFT_FOR_THE_MARK);
    return count;
}

static int give_back(int count, int wanted)
{
    while (wanted-- > 0)
        must(munmap(fills[--count], FILL_BYTES) == 0);
    return count;
}

int main(int argc, char **argv)
{
    fault_lose(40);
    fault_live(10);
    int count = fill();
    bool is_returned = is_run(argc, argv, "returned");
    count = give_back(count, is_returned ? LEFT_FOR_THE_MARK : LEFT);
    void *volatile large = malloc(4 << 20); /* mapped, in a part of its own */
    must(large != NULL);
    memset(large, 1, 4 << 20);
    fault_live(10);
    free(large);
    give_back(count, count);
    fault_live(10);
    puts("done");
    return FAULT_STATUS;
}
