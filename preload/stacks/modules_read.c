/* The loader's list and ELF headers in memory; see modules_read.h. */
#include "modules_read.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <string.h>
#include <sys/auxv.h>

#include "../base/pages.h"
#include "../base/pool.h"
#include "../base/sys.h"
#include "../base/text.h"

static uintptr_t page_down(uintptr_t address)
{
    return address & ~(uintptr_t)(PAGES_BYTES - 1);
}

static uintptr_t page_up(uintptr_t address)
{
    return page_down(address + PAGES_BYTES - 1);
}

/* Looks for the build id among the notes at `at` … `end`, each aligned to `align`. */
static void notes_read(struct modules_module *out, uintptr_t at, uintptr_t end, uintptr_t align)
{
    while (end > at && end - at >= sizeof(Elf64_Nhdr)) {
        Elf64_Nhdr note;
        memcpy(&note, (const void *)at, sizeof note);
        uintptr_t name = at + sizeof note;
        uintptr_t text = name + ((note.n_namesz + align - 1) & ~(align - 1));
        uintptr_t next = text + ((note.n_descsz + align - 1) & ~(align - 1));
        if (text + note.n_descsz > end)
            return;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof "GNU" &&
            memcmp((const void *)name, "GNU", sizeof "GNU") == 0) {
            uint32_t bytes = note.n_descsz;
            out->build_id_bytes = bytes < MODULES_BUILD_ID_MAX ? bytes : MODULES_BUILD_ID_MAX;
            memcpy(out->build_id, (const void *)text, out->build_id_bytes);
            return;
        }
        at = next;
    }
}

static void segment_add(struct modules_module *out, uintptr_t bias, const Elf64_Phdr *header)
{
    struct modules_segment segment = {page_down(bias + header->p_vaddr),
                                      page_up(bias + header->p_vaddr + header->p_memsz),
                                      (header->p_flags & PF_W) != 0};
    if (out->segment_count == 0 || segment.start < out->start)
        out->start = segment.start;
    if (segment.end > out->end)
        out->end = segment.end;
    if (out->segment_count < MODULES_SEGMENTS_MAX)
        out->segments[out->segment_count++] = segment;
    else if (segment.end > out->segments[MODULES_SEGMENTS_MAX - 1].end)
        out->segments[MODULES_SEGMENTS_MAX - 1].end = segment.end; /* none known has so many */
}

static bool segments_hold(const struct modules_module *module, uintptr_t start, uintptr_t end)
{
    for (uint32_t i = 0; i < module->segment_count; i++)
        if (start >= module->segments[i].start && end <= module->segments[i].end && start <= end)
            return true;
    return false;
}

bool modules_read_headers(struct modules_module *out, uintptr_t bias, const Elf64_Phdr *headers,
                          unsigned count)
{
    *out = (struct modules_module){.bias = bias};
    for (unsigned i = 0; i < count; i++) {
        if (headers[i].p_type == PT_LOAD && headers[i].p_memsz > 0)
            segment_add(out, bias, &headers[i]);
        if (headers[i].p_type == PT_TLS)
            out->tls_bytes = headers[i].p_memsz;
    }
    for (unsigned i = 0; i < count && out->build_id_bytes == 0; i++) {
        uintptr_t start = bias + headers[i].p_vaddr;
        uintptr_t end = start + headers[i].p_filesz;
        if (headers[i].p_type == PT_NOTE && segments_hold(out, start, end))
            notes_read(out, start, end, headers[i].p_align == 8 ? 8 : 4);
    }
    return out->segment_count > 0;
}

static int loaded_cb(struct dl_phdr_info *info, size_t bytes, void *data)
{
    (void)bytes;
    struct modules_module module;
    modules_take_cb *take = data;
    if (modules_read_headers(&module, info->dlpi_addr, info->dlpi_phdr, info->dlpi_phnum)) {
        module.tls_image = info->dlpi_tls_modid;
        (*take)(&module, info->dlpi_name);
    }
    return 0;
}

void modules_read_loaded(modules_take_cb take)
{
    dl_iterate_phdr(loaded_cb, &take);
}

/* The program headers behind the ELF header at the start of a mapping. */
static const Elf64_Phdr *headers_at(const void *start, unsigned *count)
{
    const Elf64_Ehdr *elf = start;
    if (memcmp(elf->e_ident, ELFMAG, SELFMAG) != 0 || elf->e_phentsize != sizeof(Elf64_Phdr) ||
        elf->e_phoff + elf->e_phnum * sizeof(Elf64_Phdr) > PAGES_BYTES)
        return NULL;
    *count = elf->e_phnum;
    return (const Elf64_Phdr *)((uintptr_t)elf + elf->e_phoff);
}

/* The program headers of a module in the loader's list: the kernel tells the executable's, the
 * others are found behind the ELF header at the start of their mapping. */
static const Elf64_Phdr *headers_of(const struct link_map *map, bool is_main, unsigned *count)
{
    if (is_main) {
        *count = (unsigned)getauxval(AT_PHNUM);
        return (const Elf64_Phdr *)getauxval(AT_PHDR);
    }
    struct dl_find_object found;
    return _dl_find_object(map->l_ld, &found) != 0 ? NULL : headers_at(found.dlfo_map_start, count);
}

static void frozen_take(struct link_map *map, bool is_main, modules_take_cb take)
{
    struct modules_module module;
    unsigned count = 0;
    const Elf64_Phdr *headers = headers_of(map, is_main, &count);
    if (headers == NULL || !modules_read_headers(&module, map->l_addr, headers, count))
        return;
    /* Not dlinfo for the number of its thread-local block: it forgets the thread's dlerror text,
     * whose block would then look lost. */
    take(&module, map->l_name);
}

/* All namespaces: dlmopen's too. */
void modules_read_frozen(modules_take_cb take)
{
    const struct r_debug_extended *space = (const struct r_debug_extended *)&_r_debug;
    bool is_main = true;
    while (space != NULL) {
        for (struct link_map *map = space->base.r_map; map != NULL; map = map->l_next) {
            frozen_take(map, is_main, take);
            is_main = false;
        }
        space = _r_debug.r_version >= 2 ? space->r_next : NULL;
    }
}

void modules_read_at(uintptr_t address, const uintptr_t *known_bias, modules_take_cb take)
{
    struct dl_find_object found;
    struct modules_module module;
    unsigned count = 0;
    if (_dl_find_object((void *)address, &found) != 0 ||
        (known_bias != NULL && found.dlfo_link_map->l_addr == *known_bias))
        return;
    const Elf64_Phdr *headers = headers_at(found.dlfo_map_start, &count);
    if (headers != NULL &&
        modules_read_headers(&module, found.dlfo_link_map->l_addr, headers, count))
        take(&module, found.dlfo_link_map->l_name);
}

char *modules_keep_text(const char *string)
{
    size_t bytes = strlen(string) + 1;
    char *copy = pool_take(bytes);
    if (copy != NULL)
        memcpy(copy, string, bytes);
    return copy;
}

/* What the kernel's link says, or false. */
static bool link_read(const char *link, char *out, size_t room)
{
    long length = sys_call(SYS_readlinkat, AT_FDCWD, link, out, room - 1);
    if (length <= 0)
        return false;
    out[length] = '\0';
    return true;
}

char *modules_keep_path(const char *name)
{
    char buffer[PATH_MAX];
    if (name[0] == '\0') {
        bool is_by_loader = getauxval(AT_BASE) == 0;
        if (!is_by_loader && link_read("/proc/self/exe", buffer, sizeof buffer))
            return modules_keep_text(buffer);
        name = (const char *)getauxval(AT_EXECFN);
    }
    if (name == NULL)
        return modules_keep_text("");
    if (name[0] == '/' || strchr(name, '/') == NULL ||
        !link_read("/proc/self/cwd", buffer, sizeof buffer))
        return modules_keep_text(name);
    struct text path = {buffer, strlen(buffer), sizeof buffer};
    text_add_char(&path, '/');
    text_add(&path, strncmp(name, "./", 2) == 0 ? name + 2 : name);
    return modules_keep_text(buffer);
}
