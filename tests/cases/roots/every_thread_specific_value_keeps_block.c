// A program that takes every key there is gets as many as without Seep, and each value keeps its
// block, in the main thread and in another.
//
// run: given
// expect: nothing lost
// run: gone
// expect: lost 500 bytes in 50 blocks, in main
// expect: lost 500 bytes in 50 blocks, in work
#include "one_thread.h"

#include <limits.h>

static pthread_key_t keys[PTHREAD_KEYS_MAX];
static int count;
static bool forgets;

static OWN_FRAME void *make_value(void)
{
    void *block = opaque(calloc(1, 10));
    must(block != NULL);
    return block;
}

static OWN_FRAME void set_all(void)
{
    for (int i = 0; i < count; i++)
        must(pthread_setspecific(keys[i], make_value()) == 0);
    for (int i = 0; forgets && i < 50; i++)
        pthread_setspecific(keys[i * 20], NULL);
}

static void *work(void *unused)
{
    (void)unused;
    set_all();
    scrub();
    stay();
    return NULL;
}

int main(int argc, char **argv)
{
    while (count < PTHREAD_KEYS_MAX && pthread_key_create(&keys[count], NULL) == 0)
        count++;
    printf("%d keys\n", count);
    must(count > 981);
    forgets = is_run(argc, argv, "gone");
    set_all();
    start_thread(work, false);
    scrub();
    return 0;
}
