// What only the frames of a cancelled thread held is lost, unless a cleanup handler frees it.
//
// run: without
// expect: lost 40 bytes in 1 block, in make_block
// run: handler
// expect: nothing lost
#include "one_thread.h"

static void *work(void *given)
{
    void *volatile local = make_block(40);

    if (given != NULL) {
        pthread_cleanup_push(free, local);
        stay();
        pthread_cleanup_pop(0);
    }
    stay();
    return local;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    void *result = NULL;

    void *given = is_run(argc, argv, "handler") ? GIVEN : NULL;
    must(pthread_create(&thread, NULL, work, given) == 0);
    wait_for(&ready);
    must(pthread_cancel(thread) == 0 && pthread_join(thread, &result) == 0);
    must(result == PTHREAD_CANCELED);
    scrub();
    return 0;
}
