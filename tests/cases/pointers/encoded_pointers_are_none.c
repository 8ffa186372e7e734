// An address that is inverted, swapped, mixed with a key, split in two, written as text or kept as
// a distance is no pointer; the plain one is.
//
// run: plain
// expect: nothing lost
// run: inverted
// expect: lost 40 bytes in 1 block, in make_block
// run: swapped
// expect: lost 40 bytes in 1 block, in make_block
// run: keyed
// expect: lost 40 bytes in 1 block, in make_block
// run: rotated
// expect: lost 40 bytes in 1 block, in make_block
// run: halves
// expect: lost 40 bytes in 1 block, in make_block
// run: text
// expect: lost 40 bytes in 1 block, in make_block
// run: distance
// expect: lost 40 bytes in 1 block, in make_block
#include "claim.h"

uintptr_t value;
uint32_t halves[4];
char text[32];

static OWN_FRAME void keep(const char *how)
{
    uintptr_t address = (uintptr_t)make_block(40);

    if (strcmp(how, "plain") == 0)
        value = address;
    if (strcmp(how, "inverted") == 0)
        value = ~address;
    if (strcmp(how, "swapped") == 0)
        value = __builtin_bswap64(address);
    if (strcmp(how, "keyed") == 0)
        value = address ^ 0x5bd1e9955bd1e995;
    if (strcmp(how, "rotated") == 0)
        value = address << 17 | address >> 47;
    if (strcmp(how, "halves") == 0) {
        halves[0] = (uint32_t)address;
        halves[2] = (uint32_t)(address >> 32);
    }
    if (strcmp(how, "text") == 0)
        snprintf(text, sizeof text, "%lx", address);
    if (strcmp(how, "distance") == 0)
        value = address - (uintptr_t)&value;
}

int main(int argc, char **argv)
{
    must(argc == 2);
    keep(argv[1]);
    scrub();
    return 0;
}
