// A container that is lost is one leak, its contents hang on it, to the byte; a held one keeps all.
//
// run: vector
// expect: lost 24 bytes in 1 block, indirect 600 bytes in 51 blocks, in make_vector
// run: list
// expect: lost 24 bytes in 1 block, indirect 2400 bytes in 100 blocks, in make_list, a ring
// run: map
// expect: lost 48 bytes in 1 block, indirect 4800 bytes in 100 blocks, in make_map, a ring
// run: held
// expect: nothing lost
#include "claim.h"

#include <list>
#include <map>
#include <memory>
#include <vector>

void *held[3];

static OWN_FRAME void make_vector()
{
    auto *made = new std::vector<std::unique_ptr<int>>();
    made->reserve(50);
    for (int i = 0; i < 50; i++)
        made->push_back(std::make_unique<int>(i));
    held[0] = made;
}

static OWN_FRAME void make_list()
{
    auto *made = new std::list<long>();
    for (int i = 0; i < 100; i++)
        made->push_back(i);
    held[1] = made;
}

static OWN_FRAME void make_map()
{
    auto *made = new std::map<long, long>();
    for (int i = 0; i < 100; i++)
        (*made)[i * 7 % 100] = i;
    held[2] = made;
}

int main(int argc, char **argv)
{
    bool all = is_run(argc, argv, "held");

    if (all || is_run(argc, argv, "vector"))
        make_vector();
    if (all || is_run(argc, argv, "list"))
        make_list();
    if (all || is_run(argc, argv, "map"))
        make_map();
    if (!all)
        memset(held, 0, sizeof held);
    scrub();
    return 0;
}
