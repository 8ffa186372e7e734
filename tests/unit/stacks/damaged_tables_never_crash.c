/* Whatever the tables of a module contain, looking an address up ends and reads nothing outside of
 * them. Compiled with AddressSanitizer: the tables stand in a block of just their size. */
#include <elf.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

#include "../../../preload/stacks/cfi.h"
#include "../../support/claims.h"

enum { ROUNDS = 400, LOOKUPS = 40, PROGRAM_ROUNDS = 60000 };

/* The same numbers in each run. */
static uint64_t random_state = 1;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % limit;
}

struct region {
    const char *start; /* the segment that holds the tables */
    size_t bytes;
    size_t header;  /* offset of .eh_frame_hdr in it */
    uintptr_t text; /* a segment of code */
    size_t text_bytes;
};

static int find_region_cb(struct dl_phdr_info *info, size_t size, void *data)
{
    struct region *region = data;
    uintptr_t header = 0;
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_GNU_EH_FRAME)
            header = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + segment->p_vaddr;
        if (segment->p_type != PT_LOAD)
            continue;
        if ((segment->p_flags & PF_X) != 0) {
            region->text = start;
            region->text_bytes = segment->p_filesz;
        }
        if (header >= start && header < start + segment->p_filesz) {
            region->start = (const char *)start;
            region->bytes = segment->p_filesz;
            region->header = header - start;
        }
    }
    return 1; /* the executable is the first: enough */
}

START_TEST(changed_bytes)
{
    struct region region = {0};
    dl_iterate_phdr(find_region_cb, &region);
    size_t bytes = region.bytes - region.header;
    for (int round = 0; round < ROUNDS; round++) {
        char *copy = malloc(bytes);
        memcpy(copy, region.start + region.header, bytes);
        uint32_t changes = random_below(200);
        for (uint32_t i = 0; i < changes; i++)
            copy[random_below(i % 8 == 0 ? 32 : (uint32_t)bytes)] = (char)random_below(256);
        struct cfi_tables tables = {(uintptr_t)copy, (uintptr_t)copy,
                                    (uintptr_t)copy + bytes - random_below(64) * (changes % 2)};
        uintptr_t moved = (uintptr_t)copy - (uintptr_t)(region.start + region.header);
        int known = 0;
        for (int i = 0; i < LOOKUPS; i++)
            known += cfi_find_in(&tables,
                                 region.text + moved + random_below((uint32_t)region.text_bytes))
                         .kind != CFI_NONE;
        if (changes == 0)
            ck_assert_int_gt(known, LOOKUPS / 2);
        free(copy);
    }
}
END_TEST

static char *put(char *at, const void *bytes, size_t length)
{
    memcpy(at, bytes, length);
    return at + length;
}

static char *put_word(char *at, uint32_t word)
{
    return put(at, &word, sizeof word);
}

/* A header, a CIE and one FDE for all addresses, with call frame programs of random bytes. */
START_TEST(invented_programs)
{
    for (int round = 0; round < PROGRAM_ROUNDS; round++) {
        uint32_t initial = random_below(24);
        uint32_t body = random_below(120);
        size_t bytes = 20 + 4 + 13 + initial + 4 + 4 + 16 + 1 + body;
        char *tables = malloc(bytes);
        char *cie = tables + 20;
        char *at = put(tables, "\1\33\3\73", 4);
        at = put_word(at, 16);                                /* .eh_frame */
        at = put_word(at, 1);                                 /* one entry */
        at = put_word(at, 0x80000000u);                       /* from below everything */
        at = put_word(at, (uint32_t)(20 + 4 + 13 + initial)); /* its FDE */
        at = put_word(at, 13 + initial);
        at = put_word(at, 0);
        at = put(at, random_below(2) != 0 ? "\1zR\0\1\170\20\1" : "\1zS\0\1\170\20\0", 8);
        at = put(at, "\0", 1);
        for (uint32_t i = 0; i < initial; i++)
            *at++ = (char)random_below(i % 3 == 0 ? 256 : 24);
        char *fde = at;
        at = put_word(at, 4 + 16 + 1 + body);
        at = put_word(at, (uint32_t)(fde + 4 - cie));
        uint64_t range[2] = {0, UINT64_MAX};
        at = put(at, range, sizeof range);
        at = put(at, "\0", 1);
        for (uint32_t i = 0; i < body; i++)
            *at++ = (char)random_below(i % 3 == 0 ? 256 : 24);
        ck_assert_ptr_eq(at, tables + bytes);
        struct cfi_tables where = {(uintptr_t)tables, (uintptr_t)tables, (uintptr_t)tables + bytes};
        cfi_find_in(&where, (uintptr_t)tables + random_below(4096));
        free(tables);
    }
}
END_TEST

int main(void)
{
    return claims_run("damaged_tables_never_crash",
                      (const TTest *const[]){changed_bytes, invented_programs, NULL});
}
