/* The program of the cases with another allocator behind: it loses 100 blocks and what hangs on
 * them, and does all else that an allocator must stand. */
#include "claim.h"

#include <dlfcn.h>
#include <malloc.h>

void **holder;
void *kept[10];

static OWN_FRAME void *make_child(void)
{
    void *block = opaque(calloc(1, 48));
    must(block != NULL);
    return block;
}

static void allocate_and_free(void)
{
    void *blocks[64] = {NULL};

    for (unsigned turn = 0; turn < 20000; turn++) {
        unsigned slot = turn * 7 % 64;
        blocks[slot] = opaque(realloc(blocks[slot], 1 + turn * 131 % 9000));
        must(malloc_usable_size(blocks[slot]) > turn * 131 % 9000);
    }
    for (int slot = 0; slot < 64; slot++)
        free(blocks[slot]);
    void *aligned = NULL;
    must(posix_memalign(&aligned, 4096, 10000) == 0);
    free(aligned);
}

// The functions are the other allocator's, under Seep as without it.
static bool is_behind(void)
{
    Dl_info info;
    void *found = dlsym(RTLD_DEFAULT, ALLOCATOR[0] == 'j'   ? "mallctl"
                                      : ALLOCATOR[0] == 'm' ? "mi_malloc"
                                                            : "tc_malloc");
    return found != NULL && dladdr(found, &info) != 0 && strstr(info.dli_fname, ALLOCATOR) != NULL;
}

// Allocators keep the addresses of blocks that they handed out in tables of free ones, behind the
// end: fill those with others.
static OWN_FRAME void overwrite_tables(void)
{
    static void *blocks[2][1000];

    for (int i = 0; i < 1000; i++) {
        blocks[0][i] = make_block(40);
        blocks[1][i] = make_child();
    }
    for (int i = 0; i < 1000; i++) {
        free(blocks[0][i]);
        free(blocks[1][i]);
    }
    memset(blocks, 0, sizeof blocks);
    opaque(blocks);
}

int main(int argc, char **argv)
{
    if (!is_behind())
        return CANNOT_RUN_HERE;
    allocate_and_free();
    for (int i = 0; i < 10; i++) // the table of a slab points at its first block
        kept[i] = make_block(40);
    for (int i = 0; i < 100; i++) {
        void **block = make_block(40);
        block[0] = make_child();
        block[1] = holder;
        holder = is_run(argc, argv, "given") ? block : NULL;
    }
    overwrite_tables();
    scrub();
    return 0;
}
