// An exception that a std::exception_ptr holds is in use with all that it holds; once that is gone
// with its count unpaid, it is lost.
//
// run: given
// expect: nothing lost
// run: gone
// expect: lost 168 bytes in 1 block, indirect 100 bytes in 1 block, in throw_one
#include "claim.h"

#include <exception>

struct failure {
    char *text;
    long more[4];
};

std::exception_ptr held;

static OWN_FRAME char *make_text()
{
    return static_cast<char *>(opaque(calloc(1, 100)));
}

static OWN_FRAME void throw_one()
{
    throw failure{make_text(), {}};
}

static OWN_FRAME void fail()
{
    try {
        throw_one();
    } catch (...) {
        held = std::current_exception();
    }
}

int main(int argc, char **argv)
{
    fail();
    if (is_run(argc, argv, "gone"))
        memset(static_cast<void *>(&held), 0, sizeof held);
    scrub();
    _exit(0); // before held is destroyed
}
