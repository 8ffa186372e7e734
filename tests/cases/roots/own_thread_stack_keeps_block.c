// A thread on a stack that the program gave it, from the heap, from mmap, or static: what its
// frames hold is in use, and the stack is.
//
// run: heap
// expect: nothing lost
// run: mapped
// expect: nothing lost
// run: static
// expect: nothing lost
// run: heap drop
// expect: lost 40 bytes in 1 block, in make_block
// run: mapped drop
// expect: lost 40 bytes in 1 block, in make_block
// run: static drop
// expect: lost 40 bytes in 1 block, in make_block
#include "one_thread.h"

#include <sys/mman.h>

enum { BYTES = 128 << 10 };

static char static_stack[BYTES] __attribute__((aligned(64)));

static void *work(void *drops)
{
    void *volatile local = drops == NULL ? reveal(hidden) : NULL;

    scrub();
    stay();
    return local;
}

static OWN_FRAME void start(const char *where, void *drops)
{
    pthread_attr_t attributes;
    pthread_t thread;
    void *stack = static_stack;

    if (strcmp(where, "heap") == 0)
        stack = opaque(aligned_alloc(64, BYTES));
    if (strcmp(where, "mapped") == 0)
        stack = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pthread_attr_init(&attributes);
    must(pthread_attr_setstack(&attributes, stack, BYTES) == 0);
    must(pthread_create(&thread, &attributes, work, drops) == 0);
    pthread_attr_destroy(&attributes);
}

int main(int argc, char **argv)
{
    must(argc >= 2);
    hidden = hide(make_block(40));
    start(argv[1], argc == 3 ? GIVEN : NULL);
    scrub();
    wait_for(&ready);
    return 0;
}
