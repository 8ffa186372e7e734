// A pointer given to pthread_setspecific keeps its block, for the first keys and for later ones,
// which glibc keeps in a block of its own.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_block
// run: first
// expect: nothing lost
// run: later
// expect: nothing lost
// run: later-in-thread
// expect: nothing lost
#include "one_thread.h"

enum { KEYS = 100 };

static pthread_key_t keys[KEYS];

static OWN_FRAME void fill(int key)
{
    must(pthread_setspecific(keys[key], reveal(hidden)) == 0);
}

static void *hold(void *given)
{
    if (given != NULL)
        fill(KEYS - 1);
    scrub();
    stay();
    return NULL;
}

int main(int argc, char **argv)
{
    for (int i = 0; i < KEYS; i++)
        must(pthread_key_create(&keys[i], NULL) == 0);
    hidden = hide(make_block(40));
    if (is_run(argc, argv, "first"))
        fill(0);
    if (is_run(argc, argv, "later"))
        fill(KEYS - 1);
    scrub();
    bool in_thread = is_run(argc, argv, "later-in-thread");
    start_thread(hold, in_thread);
    return 0;
}
