// A program that ends while an exception is caught, or on its way: the exception and what it holds
// is in use.
//
// run: caught
// expect: nothing lost
// run: flying
// expect: nothing lost
// run: over
// expect: lost 100 bytes in 1 block, in make_text
#include "claim.h"

struct failure {
    char *text;
    long more[4];
};

static const char *how;

static OWN_FRAME char *make_text()
{
    return static_cast<char *>(opaque(calloc(1, 100)));
}

static OWN_FRAME void leave()
{
    scrub();
    _exit(0);
}

struct on_the_way {
    ~on_the_way()
    {
        if (strcmp(how, "flying") == 0)
            leave();
    }
};

static OWN_FRAME void fail()
{
    on_the_way object;
    throw failure{make_text(), {}};
}

static OWN_FRAME void catch_it()
{
    try {
        fail();
    } catch (const failure &caught) {
        if (strcmp(how, "caught") == 0)
            leave();
    }
}

int main(int argc, char **argv)
{
    must(argc == 2);
    how = argv[1];
    catch_it();
    leave();
}
