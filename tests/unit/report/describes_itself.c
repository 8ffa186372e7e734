/*
 * Writes a leak report file about itself to the path that is given: its own modules, the call path
 * of one leak, found by glibc's backtrace(), and three roots. The test names_are_found.sh knows
 * the lines that are marked here.
 */
#include "../../support/invent.h"

#include <elf.h>
#include <execinfo.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct seen_module {
    char path[4096];
    uint8_t build_id[64];
    uint32_t build_id_bytes;
    uint64_t bias, start, end;
};

static struct seen_module modules[32]; /* one thread */
static uint32_t module_count;
static struct leakfile_pc pcs[64];
static uint32_t pc_count;

char *cache_global[4];
static __thread char *cache_of_thread[4];

static void module_read_notes(struct seen_module *module, const char *note, const char *end)
{
    while (end - note >= 12) {
        uint32_t words[3];
        memcpy(words, note, sizeof words);
        if (words[2] == NT_GNU_BUILD_ID && words[0] == 4 && words[1] <= sizeof module->build_id) {
            module->build_id_bytes = words[1];
            memcpy(module->build_id, note + 16, words[1]);
        }
        note += 12 + ((words[0] + 3) & ~3u) + ((words[1] + 3) & ~3u);
    }
}

static int module_add_cb(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    (void)data;
    if (module_count == 32)
        return 1;
    struct seen_module *module = &modules[module_count++];
    if (info->dlpi_name[0] != '\0') {
        snprintf(module->path, sizeof module->path, "%s", info->dlpi_name);
    } else {
        ssize_t length = readlink("/proc/self/exe", module->path, sizeof module->path - 1);
        module->path[length < 0 ? 0 : length] = '\0';
    }
    module->bias = info->dlpi_addr;
    module->start = UINT64_MAX;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uint64_t begin = info->dlpi_addr + header->p_vaddr;
        if (header->p_type == PT_LOAD && begin < module->start)
            module->start = begin;
        if (header->p_type == PT_LOAD && begin + header->p_memsz > module->end)
            module->end = begin + header->p_memsz;
        if (header->p_type == PT_NOTE)
            module_read_notes(module, (const char *)begin, (const char *)begin + header->p_memsz);
    }
    return 0;
}

__attribute__((noinline)) static void path_capture(void)
{
    void *addresses[64];
    pc_count = (uint32_t)backtrace(addresses, 64) - 1;
    for (uint32_t i = 0; i < pc_count; i++) {
        uint64_t address = (uint64_t)addresses[i + 1];
        pcs[i] = (struct leakfile_pc){.address = address, .module = LEAKFILE_NONE};
        for (uint32_t j = 0; j < module_count; j++)
            if (address >= modules[j].start && address < modules[j].end)
                pcs[i].module = j;
    }
    __asm__ volatile("");
}

__attribute__((noinline)) static void *xmalloc(size_t bytes)
{
    path_capture();
    __asm__ volatile("");
    return malloc(bytes);
}

static inline __attribute__((always_inline)) void *make_node(size_t bytes)
{
    void *node = xmalloc(bytes); /* LINE make_node */
    __asm__ volatile("" ::: "memory");
    return node;
}

__attribute__((noinline)) static void *leak_here(void)
{
    void *node = make_node(18); /* LINE leak_here */
    __asm__ volatile("" ::: "memory");
    return node;
}

static void add_modules(struct invented *file)
{
    for (uint32_t i = 0; i < module_count; i++) {
        struct leakfile_module module = {
            .id = i,
            .start = modules[i].start,
            .end = modules[i].end,
            .bias = modules[i].bias,
            .build_id_bytes = modules[i].build_id_bytes,
            .path_bytes = (uint32_t)strlen(modules[i].path),
        };
        invent_record(file, LEAKFILE_MODULE, (struct invented_tail){&module, sizeof module},
                      (struct invented_tail[2]){{modules[i].build_id, modules[i].build_id_bytes},
                                                {modules[i].path, module.path_bytes}});
    }
}

static void add_holders(struct invented *file)
{
    struct leakfile_holder holder = {.stack = 1, .thread = 77, .block_bytes = 18};
    holder.root = LEAKFILE_ROOT_GLOBAL;
    holder.offset = (uint64_t)&cache_global[2] - modules[0].bias;
    invent_holder(file, holder, NULL, "");
    holder.sample = 1;
    holder.root = LEAKFILE_ROOT_TLS;
    holder.offset = 8;
    invent_holder(file, holder, NULL, "");
    holder.sample = 2;
    holder.root = LEAKFILE_ROOT_STACK;
    holder.pc = (uint64_t)leak_here + 5;
    invent_holder(file, holder, NULL, "");
}

int main(int argc, char **argv)
{
    struct invented file = {0};
    struct leakfile_stack stack = {.id = 1};
    if (argc != 2)
        return 2;
    dl_iterate_phdr(module_add_cb, NULL);
    cache_of_thread[1] = leak_here(); /* LINE main */
    __asm__ volatile("" ::"r"(cache_of_thread) : "memory");

    invent_section(&file, 77, 1);
    invent_process(&file, 77, modules[0].path);
    add_modules(&file);
    stack.frames = pc_count;
    invent_record(&file, LEAKFILE_STACK, (struct invented_tail){&stack, sizeof stack},
                  (struct invented_tail[2]){{pcs, pc_count * sizeof pcs[0]}, {NULL, 0}});
    invent_collection(&file, 1, LEAKFILE_COLLECTION_LAST);
    invent_finding(&file,
                   (struct leakfile_finding){
                       .stack = 1, .bytes = 18, .blocks = 1, .confirmed = 1, .first_seen = 1});
    add_holders(&file);
    invent_end(&file, LEAKFILE_END_STATUS, 0);
    invent_write(&file, argv[1]);
    invent_free(&file);
    return 0;
}
