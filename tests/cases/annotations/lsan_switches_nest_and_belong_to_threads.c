// What a thread allocates between __lsan_disable and as many __lsan_enable is no leak; what others
// allocate meanwhile is.
//
// run: inside
// expect: nothing lost
// run: between
// expect: nothing lost
// run: after
// expect: lost 40 bytes in 1 block, in make_block
// run: other
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

static void *work(void *unused)
{
    make_block(40);
    return unused;
}

static void allow(bool allows)
{
    if (__lsan_disable != NULL)
        (allows ? __lsan_enable : __lsan_disable)();
}

int main(int argc, char **argv)
{
    pthread_t thread;

    allow(false);
    allow(false);
    if (is_run(argc, argv, "inside"))
        make_block(40);
    allow(true);
    if (is_run(argc, argv, "between"))
        make_block(40);
    if (is_run(argc, argv, "other")) {
        allow(true);
        must(pthread_create(&thread, NULL, work, NULL) == 0);
        allow(false);
        pthread_join(thread, NULL);
    }
    allow(true);
    if (is_run(argc, argv, "after"))
        make_block(40);
    scrub();
    return 0;
}
