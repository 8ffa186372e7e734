// The body of an old (reference-counted) string is held by a pointer to its characters.
//
// run: gone
// expect: lost 125 bytes in 1 block, in make_string
// run: given
// expect: nothing lost
#define _GLIBCXX_USE_CXX11_ABI 0
#include "claim.h"

#include <new>
#include <string>

// Never destroyed, so that it is held at the end.
alignas(std::string) static char place[sizeof(std::string)];

static OWN_FRAME std::string *make_string()
{
    return new (place) std::string(100, 'x');
}

int main(int argc, char **argv)
{
    std::string *string = make_string();
    printf("%zu\n", string->size());
    if (is_run(argc, argv, "gone"))
        memset(place, 0, sizeof place);
    __asm__ volatile("" : : "r"(place) : "memory");
    return 0;
}
