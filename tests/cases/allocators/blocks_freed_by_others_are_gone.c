// A block may be freed, or resized, by another thread than the one that made it.
//
// run: freed
// expect: nothing lost
// run: resized
// expect: lost 40000 bytes in 10 blocks, in pass_on
// run: kept
// expect: nothing lost
#include "claim.h"

enum { BLOCKS = 10 };

static void *held[BLOCKS];
static const char *how;

static OWN_FRAME void *pass_on(void *block)
{
    return opaque(realloc(block, 4000));
}

static void *work(void *unused)
{
    (void)unused;
    for (int i = 0; i < BLOCKS; i++) {
        if (strcmp(how, "freed") == 0)
            free(held[i]);
        if (strcmp(how, "resized") == 0)
            pass_on(held[i]);
        if (strcmp(how, "kept") != 0)
            held[i] = NULL;
    }
    return NULL;
}

static OWN_FRAME void make_all(void)
{
    for (int i = 0; i < BLOCKS; i++)
        held[i] = make_block(40);
}

int main(int argc, char **argv)
{
    pthread_t thread;

    must(argc == 2);
    how = argv[1];
    make_all();
    must(pthread_create(&thread, NULL, work, NULL) == 0);
    pthread_join(thread, NULL);
    scrub();
    return 0;
}
