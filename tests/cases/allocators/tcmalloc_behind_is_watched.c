// With tcmalloc preloaded behind Seep, its blocks are recorded and its functions are the ones
// called.
//
// preload: libtcmalloc.so.4
// run: gone
// expect: lost 4000 bytes in 100 blocks, indirect 4800 bytes in 100 blocks, in make_block
// run: given
// expect: nothing lost
#define ALLOCATOR "tcmalloc"
#include "other_allocator.h"
