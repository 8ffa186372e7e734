// The last collection comes after the handlers of quick_exit.
//
// expect: nothing lost
#include "claim.h"

static hidden_pointer hidden;

static void at_quick_exit_free(void)
{
    free(reveal(hidden));
    must(write(STDOUT_FILENO, "freed\n", 6) == 6);
}

int main(void)
{
    hidden = hide(make_block(40));
    at_quick_exit(at_quick_exit_free);
    quick_exit(0);
}
