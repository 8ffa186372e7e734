// An object that was placed into static or mapped memory holds what it owns; destroyed, it holds
// nothing; overwritten without, what it owned is lost.
//
// run: placed
// expect: nothing lost
// run: destroyed
// expect: nothing lost
// run: overwritten
// expect: lost 400 bytes in 1 block, in place_one
#include "claim.h"

#include <new>
#include <vector>

alignas(16) static unsigned char place[64];

static OWN_FRAME std::vector<long> *place_one()
{
    return new (place) std::vector<long>(50);
}

int main(int argc, char **argv)
{
    std::vector<long> *object = place_one();

    if (is_run(argc, argv, "destroyed"))
        object->~vector();
    if (is_run(argc, argv, "overwritten"))
        new (place) std::vector<long>();
    scrub();
    return 0;
}
