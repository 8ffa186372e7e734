// When main has left by pthread_exit its locals are dead; what the other threads hold is in use.
//
// run: main
// expect: lost 40 bytes in 1 block, in make_block
// run: other
// expect: nothing lost
#include "claim.h"

static hidden_pointer hidden;
static pthread_t first;

static void *work(void *holds)
{
    void *volatile local = holds != NULL ? reveal(hidden) : NULL;

    must(pthread_join(first, NULL) == 0);
    scrub();
    exit(local == NULL && holds != NULL);
}

static OWN_FRAME void leave(void)
{
    void *volatile local = reveal(hidden);

    scrub();
    pthread_exit(NULL);
    free(local); // never
}

int main(int argc, char **argv)
{
    pthread_t thread;

    first = pthread_self();
    hidden = hide(make_block(40));
    must(pthread_create(&thread, NULL, work, is_run(argc, argv, "other") ? GIVEN : NULL) == 0);
    leave();
    return 0;
}
