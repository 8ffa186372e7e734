// The argument of an exit handler that has not run is in use.
//
// run: waiting
// expect: nothing lost
// run: freed
// expect: nothing lost
// run: unregistered
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

static void at_end(int status, void *argument)
{
    (void)status;
    free(argument);
}

static OWN_FRAME void set_up(bool registers)
{
    void *block = make_block(40);

    if (registers)
        must(on_exit(at_end, block) == 0);
}

int main(int argc, char **argv)
{
    set_up(!is_run(argc, argv, "unregistered"));
    scrub();
    if (is_run(argc, argv, "waiting"))
        _exit(0);
    return 0;
}
