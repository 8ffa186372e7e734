// The clocks jump by hours, ahead and back: collections are made all the same, and nothing waits
// for a moment that is far away.
//
// before: {folder}/helper_jumping_clock.so
// expect: status 5
// expect: at least 1 collection
// expect: lost 40 bytes in 1 block, in make_block
#include "fault.h"

#include <dlfcn.h>

static void *allocate(void *unused)
{
    (void)unused;
    fault_live(60);
    return NULL;
}

int main(void)
{
    pthread_t thread;
    fault_lose(40);
    must(pthread_create(&thread, NULL, allocate, NULL) == 0);
    fault_live(60);
    must(pthread_join(thread, NULL) == 0);
    puts("done");
    return FAULT_STATUS;
}
