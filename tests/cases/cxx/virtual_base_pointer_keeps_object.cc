// An object of which only a virtual base is pointed at is in use, as is one held by any of its
// bases with virtual functions.
//
// run: whole
// expect: nothing lost
// run: base
// expect: nothing lost
// run: left
// expect: nothing lost
// run: right
// expect: nothing lost
// run: gone
// expect: lost 56 bytes in 1 block, in make_diamond
#include "claim.h"

struct base {
    virtual ~base() = default;
    long a = 1;
};

struct left : virtual base {
    long b = 2;
};

struct right : virtual base {
    long c = 3;
};

struct diamond : left, right {
    long d = 4;
};

diamond *whole;
base *as_base;
left *as_left;
right *as_right;

static OWN_FRAME diamond *make_diamond()
{
    return static_cast<diamond *>(opaque(new diamond()));
}

int main(int argc, char **argv)
{
    diamond *made = make_diamond();

    whole = is_run(argc, argv, "whole") ? made : nullptr;
    as_base = is_run(argc, argv, "base") ? made : nullptr;
    as_left = is_run(argc, argv, "left") ? made : nullptr;
    as_right = is_run(argc, argv, "right") ? made : nullptr;
    return 0;
}
