// A pointer in the thread-local storage of a library that was loaded at run time keeps its block.
//
// run: gone {folder}/helper_slots.so
// expect: lost 40 bytes in 1 block, in make_block
// run: main {folder}/helper_slots.so
// expect: nothing lost
// run: thread {folder}/helper_slots.so
// expect: nothing lost
#include "one_thread.h"

#include <dlfcn.h>

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
    stay();
    return NULL;
}

int main(int argc, char **argv)
{
    must(argc == 3);
    void *library = dlopen(argv[2], RTLD_NOW);
    must(library != NULL);
    void *found = dlsym(library, "helper_thread_slot");
    must(found != NULL);
    memcpy(&thread_slot, &found, sizeof found);
    hidden = hide(make_block(40));
    fill(is_run(argc, argv, "main"));
    scrub();
    start_thread(hold, is_run(argc, argv, "thread"));
    return 0;
}
