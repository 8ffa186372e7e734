// run: private
// expect: lost 100 bytes in 1 block, in lose
// run: shared
// expect: lost 100 bytes in 1 block, in lose
/* Shared memory is read while the program goes on: what is lost beside it is possible at first, and
 * lost when the next collection finds the same. Beside private memory it is lost at once. */
#include <sys/mman.h>

#include "../../../preload/seep.h"
#include "claim.h"

static hidden_pointer kept;
static OWN_FRAME void lose(void)
{
    kept = hide(make_block(100));
}

/* Says whether a collection finds what it should; without Seep that it does. */
static void tell(uint64_t lost, uint64_t possible)
{
    struct seep_found found = {.lost_bytes = lost, .possible_bytes = possible};
    int error = seep_collect(&found);
    must(error == 0 || error == -ENOSYS);
    printf("%d %d\n", found.lost_bytes == lost, found.possible_bytes == possible);
}

int main(int count, char **arguments)
{
    must(count == 2);
    bool is_shared = strcmp(arguments[1], "shared") == 0;
    long *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                        MAP_ANONYMOUS | (is_shared ? MAP_SHARED : MAP_PRIVATE), -1, 0);
    must(memory != MAP_FAILED);
    memory[0] = 1;
    lose();
    scrub();
    tell(is_shared ? 0 : 100, is_shared ? 100 : 0);
    tell(100, 0);
    return 0;
}
