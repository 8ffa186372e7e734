// expect: lost 100 bytes in 1 block, in lose_plain
// expect: lost 300 bytes in 1 block, indirect 60 bytes in 1 block, in lose_parent
/* A block that is marked, one allocated while recording is paused, and what they lead to, are no
 * leaks; a region that is marked is a root until that is taken back. */
#include "../../../preload/seep.h"
#include "claim.h"

static hidden_pointer kept[8];
static OWN_FRAME void lose_plain(void)
{
    kept[0] = hide(opaque(calloc(1, 100)));
}

static OWN_FRAME void lose_marked(void)
{
    void **block = opaque(calloc(1, 200));
    block[3] = make_block(50);
    seep_ignore(block);
    kept[1] = hide(block);
}

static OWN_FRAME void lose_paused(void)
{
    seep_pause();
    kept[2] = hide(make_block(400));
    seep_resume();
}

static OWN_FRAME void lose_parent(void)
{
    void **parent = opaque(calloc(1, 300));
    parent[5] = make_block(60);
    kept[3] = hide(parent);
}

/* Says what a collection finds; without Seep what it would. */
static void tell(const char *when, uint64_t lost, uint64_t indirect)
{
    struct seep_found found = {.lost_bytes = lost, .indirect_bytes = indirect};
    int error = seep_collect(&found);
    must(error == 0 || error == -ENOSYS);
    printf("%s: %d %d\n", when, found.lost_bytes == lost, found.indirect_bytes == indirect);
}

int main(void)
{
    tell("at first", 0, 0);
    lose_plain();
    scrub();
    tell("lost", 100, 0);
    lose_marked();
    scrub();
    tell("marked", 100, 0);
    lose_paused();
    scrub();
    tell("paused", 100, 0);
    lose_parent();
    scrub();
    tell("with a child", 400, 60);
    seep_add_root(reveal(kept[3]), 300);
    scrub();
    tell("a root", 400, 0);
    seep_remove_root(reveal(kept[3]), 300);
    scrub();
    tell("none again", 400, 60);
    return 0;
}
