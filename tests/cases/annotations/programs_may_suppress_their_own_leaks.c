// What a program answers to __lsan_default_suppressions counts for its own findings: they are
// accepted, and told with the rule.
//
// run: known
// expect: accepted 40 bytes in 1 block, in make_known
// run: other
// expect: lost 40 bytes in 1 block, in make_block
// run: both
// expect: accepted 40 bytes in 1 block, in make_known
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

// In sight of other modules: the linker is told to, as by -rdynamic.
const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void)
{
    return "# by design\nleak:make_known\n";
}

static OWN_FRAME void make_known(void)
{
    opaque(calloc(1, 40));
}

int main(int argc, char **argv)
{
    if (!is_run(argc, argv, "other"))
        make_known();
    if (!is_run(argc, argv, "known"))
        make_block(40);
    scrub();
    return 0;
}
