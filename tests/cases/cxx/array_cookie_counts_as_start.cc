// An array of objects with destructors is held by the pointer behind its cookie, an empty one too.
//
// run: gone 3
// expect: lost 128 bytes in 1 block, in make_array
// run: given 3
// expect: nothing lost
// run: given 0
// expect: nothing lost
#include "claim.h"

struct item {
    item() : value(1)
    {
    }
    ~item()
    {
        value = 0;
    }
    long value;
    long more[4];
};

item *items;

static OWN_FRAME item *make_array(size_t count)
{
    item *array = new item[count];
    return static_cast<item *>(opaque(array));
}

int main(int argc, char **argv)
{
    must(argc == 3);
    item *array = make_array(static_cast<size_t>(atoi(argv[2])));
    if (is_run(argc, argv, "given"))
        items = array;
    return 0;
}
