// What exit handlers, destructors and the library's destructors free is not reported; what they
// lose is.
//
// run: free
// expect: nothing lost
// run: lose
// expect: lost 120 bytes in 1 block, in lose_one
// expect: lost 120 bytes in 1 block, in lose_one
// run: forget
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

static const char *how;
static hidden_pointer hidden[2];

static bool is(const char *name)
{
    return strcmp(how, name) == 0;
}

static OWN_FRAME void lose_one(void)
{
    must(opaque(calloc(1, 120)) != NULL);
}

static void at_the_end(int which)
{
    if (which == 0 || !is("forget"))
        free(reveal(hidden[which]));
    if (is("lose"))
        lose_one();
}

static void at_exit(void)
{
    at_the_end(0);
}

__attribute__((destructor)) static void destructor(void)
{
    at_the_end(1);
}

int main(int argc, char **argv)
{
    must(argc == 2);
    how = argv[1];
    for (int i = 0; i < 2; i++)
        hidden[i] = hide(make_block(40));
    atexit(at_exit);
    return 0;
}
