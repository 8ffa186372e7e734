// An object that only a pointer to its second base class holds is not even possibly lost.
//
// run: gone
// expect: lost 40 bytes in 1 block, in make_both
// run: given
// expect: nothing lost
#include "claim.h"

struct first {
    virtual ~first() = default;
    long a = 1;
};

struct second {
    virtual ~second() = default;
    long b = 2;
};

struct both : first, second {
    long c = 3;
};

second *held;

static OWN_FRAME both *make_both()
{
    return static_cast<both *>(opaque(new both()));
}

int main(int argc, char **argv)
{
    both *object = make_both();
    if (is_run(argc, argv, "given"))
        held = object;
    return 0;
}
