/* For rows_equal_readelfs.py: loads the library of the first argument, reads addresses in it from
 * standard input, in hexadecimal, and prints the row that stacks/ finds for each: kind, where the
 * frame address counts from, its offset, where the frame pointer is, its offset. */
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../../preload/stacks/cfi.h"

int main(int argc, char **argv)
{
    static const char *const kinds[] = {"none", "end", "plain", "signal", "odd"};
    static const char *const cfas[] = {"rsp", "rbp", "*rbp"};
    static const char *const fps[] = {"same", "c", "rbp"};
    struct link_map *library = argc == 2 ? dlopen(argv[1], RTLD_LAZY) : NULL;
    if (library == NULL)
        return EXIT_FAILURE;
    uintptr_t address;
    while (scanf("%lx", &address) == 1) {
        struct cfi_row row = cfi_find(library->l_addr + address);
        printf("%s %s %d %s %d\n", kinds[row.kind], cfas[row.cfa], row.cfa_offset, fps[row.fp],
               row.fp == CFI_FP_SAME ? 0 : row.fp_offset);
    }
    return EXIT_SUCCESS;
}
