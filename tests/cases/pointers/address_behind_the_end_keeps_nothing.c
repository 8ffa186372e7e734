// The address behind a block's last byte does not keep it; that of its last byte does.
//
// run: behind 40
// expect: lost 40 bytes in 1 block, in make_block
// run: behind 41
// expect: lost 41 bytes in 1 block, in make_block
// run: behind 200000
// expect: lost 200000 bytes in 1 block, in make_block
// run: last 41
// expect: possible 41 bytes in 1 block, in make_block
// run: last 200000
// expect: possible 200000 bytes in 1 block, in make_block
#include "claim.h"

char *address;

int main(int argc, char **argv)
{
    must(argc == 3);
    size_t bytes = strtoul(argv[2], NULL, 10);

    address = make_block(bytes);
    address += is_run(argc, argv, "behind") ? bytes : bytes - 1;
    return 0;
}
