// What the destructor of a thread-local object frees is no leak, whether its thread ends or the
// program; what it allocates and drops is.
//
// run: thread
// expect: nothing lost
// run: main
// expect: nothing lost
// run: thread lose
// expect: lost 24 bytes in 1 block, in lose_one
// run: main lose
// expect: lost 24 bytes in 1 block, in lose_one
#include "claim.h"

#include <thread>

static bool loses;

static OWN_FRAME void lose_one()
{
    opaque(calloc(1, 24));
}

struct cache {
    char *block = nullptr;
    ~cache()
    {
        free(block);
        if (loses && block != nullptr)
            lose_one();
    }
};

static thread_local cache local;

static OWN_FRAME void fill()
{
    local.block = static_cast<char *>(make_block(40));
}

int main(int argc, char **argv)
{
    must(argc >= 2);
    loses = argc == 3;
    if (is_run(argc, argv, "main"))
        fill();
    else
        std::thread(fill).join();
    scrub();
    return 0;
}
