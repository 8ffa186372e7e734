// When a constructor throws, the object's memory and its members go, but not what a plain pointer
// among them held.
//
// run: raw
// expect: lost 80 bytes in 1 block, in make_part
// run: owned
// expect: nothing lost
#include "claim.h"

#include <memory>
#include <stdexcept>

static OWN_FRAME char *make_part()
{
    return static_cast<char *>(opaque(operator new(80)));
}

struct raw {
    char *part = make_part();
    raw()
    {
        throw std::runtime_error("no");
    }
};

struct owned {
    std::unique_ptr<char> part{make_part()};
    owned()
    {
        throw std::runtime_error("no");
    }
};

template <typename T> static OWN_FRAME void make()
{
    try {
        opaque(new T());
    } catch (const std::runtime_error &) {
    }
}

int main(int argc, char **argv)
{
    if (is_run(argc, argv, "raw"))
        make<raw>();
    else
        make<owned>();
    scrub();
    return 0;
}
