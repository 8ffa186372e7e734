// Two objects that hold each other by shared pointers are a lost ring; by a weak pointer one way,
// they go.
//
// run: shared
// expect: lost 48 bytes in 1 block, indirect 48 bytes in 1 block, in make_pair, a ring
// run: weak
// expect: nothing lost
// run: held
// expect: nothing lost
#include "claim.h"

#include <memory>

struct person {
    std::shared_ptr<person> friend_of;
    std::weak_ptr<person> known_to;
};

std::shared_ptr<person> held;

static OWN_FRAME void make_pair(bool is_weak, bool is_held)
{
    auto one = std::make_shared<person>();
    auto other = std::make_shared<person>();

    one->friend_of = other;
    if (is_weak)
        other->known_to = one;
    else
        other->friend_of = one;
    if (is_held)
        held = one;
}

int main(int argc, char **argv)
{
    make_pair(is_run(argc, argv, "weak"), is_run(argc, argv, "held"));
    scrub();
    _exit(0);
}
