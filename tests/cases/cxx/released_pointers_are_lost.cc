// What a unique pointer released, a function object held, or a base without a virtual destructor
// did not destroy is lost; where it is destroyed, nothing is.
//
// run: released
// expect: lost 48 bytes in 1 block, in make_one
// run: reset
// expect: nothing lost
// run: base
// expect: lost 80 bytes in 1 block, in make_part
// run: whole
// expect: nothing lost
#include "claim.h"

#include <memory>

struct base {
    long a = 1;
};

static OWN_FRAME char *make_part()
{
    return static_cast<char *>(opaque(operator new(80)));
}

struct whole : base {
    std::unique_ptr<char> part{make_part()};
};

static OWN_FRAME std::unique_ptr<char[]> make_one()
{
    return std::unique_ptr<char[]>(new char[48]);
}

static OWN_FRAME void destroy_as_base(base *object)
{
    delete static_cast<base *>(opaque(object));
}

static OWN_FRAME void destroy_as_whole(whole *object)
{
    delete static_cast<whole *>(opaque(object));
}

static OWN_FRAME void work(const char *how)
{
    if (strcmp(how, "released") == 0)
        opaque(make_one().release());
    if (strcmp(how, "reset") == 0)
        make_one().reset();
    if (strcmp(how, "base") == 0)
        destroy_as_base(new whole());
    if (strcmp(how, "whole") == 0)
        destroy_as_whole(new whole());
}

int main(int argc, char **argv)
{
    must(argc == 2);
    work(argv[1]);
    scrub();
    return 0;
}
