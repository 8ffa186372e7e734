// A lost string is lost with its text, if that is not in the string itself; one that is held keeps
// it.
//
// run: short
// expect: lost 32 bytes in 1 block, in make_string
// run: long
// expect: lost 32 bytes in 1 block, indirect 101 bytes in 1 block, in make_string
// run: short held
// expect: nothing lost
// run: long held
// expect: nothing lost
#include "claim.h"

#include <string>

std::string *held;

static OWN_FRAME void make_string(size_t length)
{
    held = static_cast<std::string *>(opaque(new std::string(length, 'x')));
}

int main(int argc, char **argv)
{
    must(argc >= 2);
    make_string(is_run(argc, argv, "short") ? 10 : 100);
    if (argc == 2)
        held = nullptr;
    scrub();
    return 0;
}
