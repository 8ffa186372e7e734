// What a program answers LeakSanitizer about that tool alone is not asked: it is watched although
// it says that it should not be, and by its own options.
//
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

int __lsan_is_turned_off(void);
const char *__lsan_default_options(void);

__attribute__((visibility("default"))) int __lsan_is_turned_off(void)
{
    puts("asked");
    return 1;
}

__attribute__((visibility("default"))) const char *__lsan_default_options(void)
{
    puts("asked");
    return "detect_leaks=0:exitcode=99";
}

int main(void)
{
    make_block(40);
    scrub();
    return 0;
}
