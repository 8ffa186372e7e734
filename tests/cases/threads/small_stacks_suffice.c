// Threads with the smallest stack of 16 KB can be created, allocate and lose under Seep.
//
// expect: lost 400 bytes in 10 blocks, in make_block
#include "claim.h"

static void *work(void *unused)
{
    (void)unused;
    free(opaque(malloc(5000)));
    must(make_block(40) != NULL);
    return NULL;
}

int main(void)
{
    pthread_attr_t attributes;
    pthread_t thread;

    must(pthread_attr_init(&attributes) == 0);
    must(pthread_attr_setstacksize(&attributes, 16384) == 0);
    for (int i = 0; i < 10; i++) {
        must(pthread_create(&thread, &attributes, work, NULL) == 0);
        must(pthread_join(thread, NULL) == 0);
    }
    pthread_attr_destroy(&attributes);
    return 0;
}
