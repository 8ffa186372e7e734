/* Finds the tables of a module and in them the entry of an address; see cfi.h. The layout is that
 * of the Linux Standard Base, sections 10.6 (.eh_frame) and 10.6.2 (.eh_frame_hdr). */
#include "cfi.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/auxv.h>

#include "../base/pages.h"
#include "cfi_bytes.h"
#include "cfi_program.h"
#include "cfi_x86_64.h"

enum {
    HEADER_VERSION = 1,
    HEADER_ENTRY_BYTES = 8, /* of the sorted table: two words relative to the header */
    LENGTH_IS_64_BIT = 0xffffffffu
};

struct header {
    uintptr_t eh_frame; /* 0 when the header does not say */
    uintptr_t table;    /* 0 when there is none that can be searched */
    uint64_t entries;
};

static struct cfi_bytes bytes_at(const struct cfi_tables *tables, uintptr_t at)
{
    bool inside = at >= tables->start && at < tables->end;
    return (struct cfi_bytes){inside ? at : tables->end, tables->end, !inside};
}

static bool header_read(const struct cfi_tables *tables, struct header *header)
{
    struct cfi_bytes in = bytes_at(tables, tables->header);
    unsigned version = (unsigned)cfi_bytes_fixed(&in, 1);
    unsigned frame_encoding = (unsigned)cfi_bytes_fixed(&in, 1);
    unsigned count_encoding = (unsigned)cfi_bytes_fixed(&in, 1);
    unsigned table_encoding = (unsigned)cfi_bytes_fixed(&in, 1);
    *header = (struct header){0, 0, 0};
    if (in.bad || version != HEADER_VERSION)
        return false;
    if (frame_encoding != CFI_PE_OMIT)
        header->eh_frame = cfi_bytes_pointer(&in, frame_encoding, tables->header);
    if (count_encoding != CFI_PE_OMIT && table_encoding == (CFI_PE_DATAREL | CFI_PE_SDATA4)) {
        header->entries = cfi_bytes_pointer(&in, count_encoding, tables->header);
        header->table = in.at;
        if (header->entries > (in.end - in.at) / HEADER_ENTRY_BYTES)
            in.bad = true;
    }
    return !in.bad;
}

/* One of the two words of an entry of the sorted table. */
static uintptr_t table_word(const struct cfi_tables *tables, uintptr_t at)
{
    int32_t word;
    memcpy(&word, (const void *)at, sizeof word);
    return tables->header + (uintptr_t)word;
}

/* The FDE that may hold `address`: the last one that begins at or before it; 0 when none does. */
static uintptr_t table_search(const struct cfi_tables *tables, const struct header *header,
                              uintptr_t address)
{
    uint64_t low = 0;
    uint64_t high = header->entries;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (table_word(tables, header->table + middle * HEADER_ENTRY_BYTES) <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return 0;
    return table_word(tables, header->table + (low - 1) * HEADER_ENTRY_BYTES + 4);
}

/* Reads the length in front of a CIE or FDE and cuts `in` to it. Returns false at the end. */
static bool entry_begin(struct cfi_bytes *in)
{
    uint64_t length = cfi_bytes_fixed(in, 4);
    if (length == LENGTH_IS_64_BIT)
        length = cfi_bytes_fixed(in, 8);
    if (in->bad || length == 0 || length > in->end - in->at)
        return false;
    in->end = in->at + length;
    return true;
}

/* What the letters of a CIE's augmentation carry. Returns false for an unknown letter. */
static bool cie_read_augmentation(struct cfi_bytes *in, const char *letters,
                                  struct cfi_program *program)
{
    for (; *letters != '\0'; letters++) {
        unsigned encoding;
        switch (*letters) {
        case 'R':
            program->pointer_encoding = (unsigned)cfi_bytes_fixed(in, 1);
            break;
        case 'L':
            cfi_bytes_skip(in, 1);
            break;
        case 'P':
            encoding = (unsigned)cfi_bytes_fixed(in, 1);
            cfi_bytes_pointer(in, encoding & (CFI_PE_FORMAT | CFI_PE_PCREL), 0);
            break;
        case 'S':
            program->is_signal = true;
            break;
        case 'B':
            break;
        default:
            return false;
        }
    }
    return !in->bad;
}

static bool cie_read(struct cfi_bytes in, struct cfi_program *program, bool *has_augmentation)
{
    if (!entry_begin(&in) || cfi_bytes_fixed(&in, 4) != 0)
        return false;
    unsigned version = (unsigned)cfi_bytes_fixed(&in, 1);
    if (version != 1 && version != 3)
        return false;
    const char *letters = (const char *)in.at;
    while (cfi_bytes_fixed(&in, 1) != 0)
        ;
    program->code_align = cfi_bytes_uleb(&in);
    program->data_align = cfi_bytes_sleb(&in);
    uint64_t ra = version == 1 ? cfi_bytes_fixed(&in, 1) : cfi_bytes_uleb(&in);
    if (in.bad || ra != CFI_REGISTER_RA)
        return false;
    program->pointer_encoding = CFI_PE_ABSOLUTE;
    program->is_signal = false;
    *has_augmentation = *letters == 'z';
    if (*has_augmentation) {
        struct cfi_bytes data = in;
        uint64_t length = cfi_bytes_uleb(&data);
        in = data;
        cfi_bytes_skip(&in, length);
        if (in.bad || !cie_read_augmentation(&data, letters + 1, program))
            return false;
    } else if (*letters != '\0') {
        return false;
    }
    program->initial = in;
    return true;
}

/* Reads the FDE at `at` and its CIE. Returns false when it cannot be read or is a CIE. */
static bool fde_read(const struct cfi_tables *tables, uintptr_t at, struct cfi_program *program,
                     uintptr_t *pc_end)
{
    struct cfi_bytes in = bytes_at(tables, at);
    if (!entry_begin(&in))
        return false;
    uintptr_t cie_field = in.at;
    uint64_t cie_distance = cfi_bytes_fixed(&in, 4);
    bool has_augmentation = false;
    if (in.bad || cie_distance == 0 ||
        !cie_read(bytes_at(tables, cie_field - cie_distance), program, &has_augmentation))
        return false;
    program->data = tables->header;
    program->pc_begin = cfi_bytes_pointer(&in, program->pointer_encoding, tables->header);
    *pc_end =
        program->pc_begin + cfi_bytes_pointer(&in, program->pointer_encoding & CFI_PE_FORMAT, 0);
    if (has_augmentation)
        cfi_bytes_skip(&in, cfi_bytes_uleb(&in));
    program->body = in;
    return !in.bad;
}

/* Without a sorted table: all of .eh_frame from its start. */
static bool fde_search(const struct cfi_tables *tables, uintptr_t eh_frame, uintptr_t address,
                       struct cfi_program *program)
{
    uintptr_t at = eh_frame;
    for (;;) {
        struct cfi_bytes entry = bytes_at(tables, at);
        if (!entry_begin(&entry))
            return false;
        uintptr_t pc_end;
        if (fde_read(tables, at, program, &pc_end) && address >= program->pc_begin &&
            address < pc_end)
            return true;
        at = entry.end;
    }
}

struct cfi_row cfi_find_in(const struct cfi_tables *tables, uintptr_t address)
{
    struct cfi_row none = {.kind = CFI_NONE, .is_lasting = true};
    struct cfi_program program;
    struct header header;
    if (!header_read(tables, &header))
        return none;
    if (header.table != 0) {
        uintptr_t pc_end;
        uintptr_t fde = table_search(tables, &header, address);
        if (fde == 0 || !fde_read(tables, fde, &program, &pc_end) || address < program.pc_begin ||
            address >= pc_end)
            return none;
    } else if (header.eh_frame == 0 || !fde_search(tables, header.eh_frame, address, &program)) {
        return none;
    }
    return cfi_program_run(&program, address);
}

/* The program headers of a module: behind the ELF header at its start, or, of an executable with
 * gaps between its segments, of which _dl_find_object only gives the one, from the kernel. */
static const Elf64_Phdr *headers_of(const struct dl_find_object *module, unsigned *count)
{
    const Elf64_Ehdr *elf = module->dlfo_map_start;
    if (memcmp(elf->e_ident, ELFMAG, SELFMAG) == 0 && elf->e_phentsize == sizeof(Elf64_Phdr) &&
        elf->e_phoff + elf->e_phnum * sizeof(Elf64_Phdr) <= PAGES_BYTES) {
        *count = elf->e_phnum;
        return (const Elf64_Phdr *)((uintptr_t)elf + elf->e_phoff);
    }
    *count = module->dlfo_link_map->l_name[0] == '\0' ? (unsigned)getauxval(AT_PHNUM) : 0;
    return (const Elf64_Phdr *)getauxval(AT_PHDR);
}

/* The bounds are those of the segment that holds the header: a mapping may have unreadable holes
 * between its segments. Returns false when no segment does. */
static bool tables_of(const struct dl_find_object *module, struct cfi_tables *tables)
{
    unsigned count;
    const Elf64_Phdr *headers = headers_of(module, &count);
    tables->header = (uintptr_t)module->dlfo_eh_frame;
    for (unsigned i = 0; i < count; i++) {
        tables->start = module->dlfo_link_map->l_addr + headers[i].p_vaddr;
        tables->end = tables->start + headers[i].p_filesz;
        if (headers[i].p_type == PT_LOAD && tables->header >= tables->start &&
            tables->header < tables->end)
            return true;
    }
    return false;
}

struct cfi_row cfi_find(uintptr_t address)
{
    struct dl_find_object module;
    struct cfi_tables tables;
    if (_dl_find_object((void *)address, &module) != 0)
        return (struct cfi_row){.kind = CFI_NONE};
    if (!tables_of(&module, &tables))
        return (struct cfi_row){.kind = CFI_NONE, .is_lasting = true};
    return cfi_find_in(&tables, address);
}
