// What a heap that was filled and freed took in Seep's tables goes back to the kernel in later
// collections, while other threads go on.
//
// option: interval=5ms
// expect: 5 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

enum { BLOCKS = 1 << 20, BLOCK_BYTES = 56, PATIENCE_MS = 30000 };

static void *blocks[BLOCKS];

static size_t resident_bytes(void)
{
    char text[100] = "";
    size_t pages = 0;
    int file = open("/proc/self/statm", O_RDONLY);
    must(file >= 0 && read(file, text, sizeof text - 1) > 0 && close(file) == 0);
    must(sscanf(text, "%*u %zu", &pages) == 1);
    return pages * 4096;
}

int main(void)
{
    const size_t records = (size_t)BLOCKS * 64 / 32 * 8; /* as record/ledger.h says */
    pthread_t churn = live_churn_begin();
    memset(blocks, 1, sizeof blocks);
    size_t before = resident_bytes();
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = malloc(BLOCK_BYTES);
    size_t filled = resident_bytes();
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    malloc_trim(0);
    double begun = live_now_ms();
    size_t now = resident_bytes();
    while (now > before + records / 2 && live_now_ms() - begun < PATIENCE_MS) {
        usleep(10000);
        now = resident_bytes();
    }
    LIVE_CLAIM(now <= before + records / 2, "%zu KB at first, %zu when full, %zu at the end",
               before / 1024, filled / 1024, now / 1024);
    live_churn_end(churn);
    return 0;
}
