// An array of objects that want 16 bytes of alignment has a cookie of 16 bytes before the pointer.
//
// run: given 3
// expect: nothing lost
// run: gone 3
// expect: lost 112 bytes in 1 block, in make_array
// run: given 1
// expect: nothing lost
#include "claim.h"

struct alignas(16) item {
    ~item()
    {
        value = 0;
    }
    long value = 1;
    long more[3];
};

item *items;

static OWN_FRAME item *make_array(size_t count)
{
    return static_cast<item *>(opaque(new item[count]));
}

int main(int argc, char **argv)
{
    must(argc == 3);
    item *array = make_array(static_cast<size_t>(atoi(argv[2])));
    items = is_run(argc, argv, "given") ? array : nullptr;
    return 0;
}
