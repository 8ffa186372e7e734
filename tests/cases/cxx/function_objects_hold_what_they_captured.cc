// What a std::function, a promise or a task captured is held while it is, and lost with it.
//
// run: function
// expect: nothing lost
// run: future
// expect: nothing lost
// run: function gone
// expect: lost 32 bytes in 1 block, indirect 40 bytes in 1 block, in make_function
#include "claim.h"

#include <functional>
#include <future>

std::function<long()> function;
std::future<void *> future;

static OWN_FRAME void make_function()
{
    void *block = make_block(40);
    long more[3] = {1, 2, 3};
    function = [block, more] { return reinterpret_cast<long>(block) + more[1]; };
}

static OWN_FRAME void make_future()
{
    std::promise<void *> promise;

    future = promise.get_future();
    promise.set_value(make_block(40));
}

int main(int argc, char **argv)
{
    must(argc >= 2);
    if (is_run(argc, argv, "function"))
        make_function();
    else
        make_future();
    if (argc == 3)
        memset(static_cast<void *>(&function), 0, sizeof function);
    scrub();
    _exit(0);
}
