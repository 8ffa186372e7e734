// What the destructor of a thread's value frees is no leak; what it drops is lost, and what it puts
// back is freed in the next round.
//
// run: free
// expect: nothing lost
// run: drop
// expect: lost 40 bytes in 1 block, in make_block
// run: again
// expect: nothing lost
// run: lose
// expect: lost 24 bytes in 1 block, in lose_one
#include "claim.h"

static pthread_key_t key;
static const char *how;
static int rounds;

static OWN_FRAME void lose_one(void)
{
    opaque(calloc(1, 24));
}

static void destroy(void *value)
{
    bool again = strcmp(how, "again") == 0 && rounds++ == 0;

    if (again)
        pthread_setspecific(key, value);
    else if (strcmp(how, "drop") != 0)
        free(value);
    if (strcmp(how, "lose") == 0)
        lose_one();
}

static void *work(void *unused)
{
    must(pthread_setspecific(key, make_block(40)) == 0);
    return unused;
}

int main(int argc, char **argv)
{
    pthread_t thread;

    must(argc == 2 && pthread_key_create(&key, destroy) == 0);
    how = argv[1];
    must(pthread_create(&thread, NULL, work, NULL) == 0);
    pthread_join(thread, NULL);
    scrub();
    return 0;
}
