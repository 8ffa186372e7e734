// What kills.py runs and kills: three threads that allocate, and lose a block now and then.
//
// expect: nothing lost
#include "live.h"

static void *lose(void *unused)
{
    (void)unused;
    void *blocks[100] = {0};
    for (unsigned i = 0;; i++) {
        free(blocks[i % 100]);
        blocks[i % 100] = malloc(50 + i % 100);
        if (i % 5000 == 0)
            make_block(24);
    }
    return NULL;
}

int main(void)
{
    pthread_t thread;
    for (int i = 0; i < 2; i++)
        must(pthread_create(&thread, NULL, lose, NULL) == 0);
    must(write(STDOUT_FILENO, "x", 1) == 1);
    lose(NULL);
}
