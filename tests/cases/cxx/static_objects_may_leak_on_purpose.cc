// A singleton that is never destroyed is in use; one whose pointer is cleared is lost.
//
// run: kept
// expect: nothing lost
// run: cleared
// expect: lost 24 bytes in 1 block, indirect 400 bytes in 1 block, in instance
#include "claim.h"

#include <vector>

static OWN_FRAME std::vector<long> *&instance()
{
    static auto *object = static_cast<std::vector<long> *>(opaque(new std::vector<long>(50)));
    return object;
}

int main(int argc, char **argv)
{
    (*instance())[3] = 4;
    if (is_run(argc, argv, "cleared"))
        instance() = nullptr;
    scrub();
    return 0;
}
