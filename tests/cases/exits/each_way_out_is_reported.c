// Whatever way the program ends, its losses are reported, with its status.
//
// run: return
// expect: lost 40 bytes in 1 block, in make_block
// expect: status 3
// run: exit
// expect: lost 40 bytes in 1 block, in make_block
// expect: status 3
// run: deep-exit
// expect: lost 40 bytes in 1 block, in make_block
// expect: status 3
// run: quick_exit
// expect: lost 40 bytes in 1 block, in make_block
// expect: status 3
// run: _exit
// expect: lost 40 bytes in 1 block, in make_block
// expect: status 3
// run: _Exit
// expect: lost 40 bytes in 1 block, in make_block
// expect: status 3
// run: thread-exit
// expect: lost 40 bytes in 1 block, in make_block
// expect: status 3
// run: thread-_exit
// expect: lost 40 bytes in 1 block, in make_block
// expect: status 3
// run: pthread_exit
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

static const char *how;

static bool is(const char *name)
{
    return strcmp(how, name) == 0;
}

static OWN_FRAME void leave_deep(int depth)
{
    char frame[200];

    __asm__ volatile("" : : "r"(frame) : "memory");
    if (depth == 0)
        exit(3);
    if (depth > 0)
        leave_deep(depth - 1);
    __asm__ volatile("" : : "r"(frame) : "memory");
}

static void *leave_in_thread(void *unused)
{
    (void)unused;
    usleep(20000); // main sleeps by then, and holds nothing in its registers, or it has left
    if (is("thread-exit"))
        exit(3);
    if (is("thread-_exit"))
        _exit(3);
    return NULL;
}

static void start_thread(void)
{
    pthread_t thread;

    must(pthread_create(&thread, NULL, leave_in_thread, NULL) == 0);
    if (is("pthread_exit"))
        pthread_exit(NULL);
    for (;;)
        pause();
}

int main(int argc, char **argv)
{
    must(argc == 2);
    how = argv[1];
    make_block(40);
    scrub();
    if (is("exit"))
        exit(3);
    if (is("deep-exit"))
        leave_deep(10);
    if (is("quick_exit"))
        quick_exit(3);
    if (is("_exit"))
        _exit(3);
    if (is("_Exit"))
        _Exit(3);
    if (!is("return"))
        start_thread();
    return 3;
}
