// Each form of operator new is recorded with its exact size, and forgotten when it is deleted.
//
// run: freed
// expect: nothing lost
// run: new
// expect: lost 100 bytes in 1 block, in lose
// run: array
// expect: lost 300 bytes in 1 block, in lose
// run: nothrow
// expect: lost 100 bytes in 1 block, in lose
// run: aligned
// expect: lost 256 bytes in 1 block, in lose
#include "claim.h"

#include <new>

struct hundred {
    char bytes[100];
};

struct alignas(128) wide {
    char bytes[256];
};

static void *make(const char *how)
{
    if (strcmp(how, "new") == 0)
        return new hundred();
    if (strcmp(how, "array") == 0)
        return new hundred[3]();
    if (strcmp(how, "nothrow") == 0)
        return new (std::nothrow) hundred();
    if (strcmp(how, "aligned") == 0)
        return new wide();
    return nullptr;
}

static OWN_FRAME void lose(const char *how)
{
    void *block = opaque(make(how));
    must(block != nullptr);
}

int main(int argc, char **argv)
{
    must(argc == 2);
    if (!is_run(argc, argv, "freed")) {
        lose(argv[1]);
        return 0;
    }
    delete static_cast<hundred *>(opaque(new hundred()));
    delete[] static_cast<hundred *>(opaque(new hundred[3]()));
    delete static_cast<wide *>(opaque(new wide()));
    return 0;
}
