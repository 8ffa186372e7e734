// A string given to putenv is in use until the variable is taken out.
//
// run: put
// expect: nothing lost
// run: taken-out
// expect: lost 40 bytes in 1 block, in make_block
// run: replaced
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

static OWN_FRAME void put(void)
{
    char *text = make_block(40);

    strcpy(text, "CASE_VARIABLE=value");
    must(putenv(text) == 0);
}

int main(int argc, char **argv)
{
    static char other[] = "CASE_VARIABLE=other";

    put();
    if (is_run(argc, argv, "taken-out"))
        unsetenv("CASE_VARIABLE");
    if (is_run(argc, argv, "replaced"))
        putenv(other);
    scrub();
    return 0;
}
