// A region given to __lsan_register_root_region holds what it points at until that is taken back.
//
// run: registered
// expect: lost 400 bytes in 1 block, in make_region
// run: taken-back
// expect: lost 400 bytes in 1 block, indirect 40 bytes in 1 block, in make_region
// run: wrong
// expect: lost 400 bytes in 1 block, indirect 40 bytes in 1 block, in make_region
#include "claim.h"

void __lsan_register_root_region(const void *start, size_t bytes) __attribute__((weak));
void __lsan_unregister_root_region(const void *start, size_t bytes) __attribute__((weak));

static hidden_pointer hidden;

static OWN_FRAME void make_region(void)
{
    void **region = opaque(calloc(1, 400));
    must(region != NULL);
    region[20] = make_block(40);
    hidden = hide(region);
}

static OWN_FRAME void tell(const char *how)
{
    char *region = reveal(hidden);
    bool wrong = strcmp(how, "wrong") == 0;

    if (__lsan_register_root_region == NULL)
        return;
    __lsan_register_root_region(region, wrong ? 100 : 400);
    if (strcmp(how, "taken-back") == 0)
        __lsan_unregister_root_region(region, 400);
}

int main(int argc, char **argv)
{
    must(argc == 2);
    make_region();
    tell(argv[1]);
    scrub();
    return 0;
}
