// Nothing tells a pointer to a second base without virtual functions from any other one into the
// middle: the object may be lost.
//
// run: second
// expect: possible 56 bytes in 1 block, in make_both
// run: first
// expect: nothing lost
#include "claim.h"

struct first {
    long a[4];
};

struct second {
    long b[2];
};

struct both : first, second {
    long c;
};

first *as_first;
second *as_second;

static OWN_FRAME both *make_both()
{
    return static_cast<both *>(opaque(new both()));
}

int main(int argc, char **argv)
{
    both *made = make_both();

    as_first = is_run(argc, argv, "first") ? made : nullptr;
    as_second = is_run(argc, argv, "second") ? made : nullptr;
    return 0;
}
