// A pointer in the thread-local storage of a library that was loaded at run time keeps its block.
//
// run: gone {folder}/helper_slots.so
// expect: lost 40 bytes in 1 block, in make_block
// run: main {folder}/helper_slots.so
// expect: nothing lost
// run: thread {folder}/helper_slots.so
// expect: nothing lost
#include "claim.h"

#include <dlfcn.h>

static hidden_pointer hidden;
static volatile int ready;
static void **(*thread_slot)(void);

static OWN_FRAME void fill(bool given)
{
    void *volatile *slot = thread_slot();
    *slot = given ? reveal(hidden) : NULL;
}

static void *hold(void *given)
{
    fill(given != NULL);
    scrub();
    ready = 1;
    for (;;)
        pause();
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;

    must(argc == 3);
    void *library = dlopen(argv[2], RTLD_NOW);
    must(library != NULL);
    void *found = dlsym(library, "helper_thread_slot");
    must(found != NULL);
    memcpy(&thread_slot, &found, sizeof found);
    hidden = hide(make_block(40));
    fill(is_run(argc, argv, "main"));
    scrub();
    must(pthread_create(&thread, NULL, hold, is_run(argc, argv, "thread") ? GIVEN : NULL) == 0);
    wait_for(&ready);
    return 0;
}
