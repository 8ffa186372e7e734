/*
 * The memory of the process that is looked at: its mappings, but for what is libseep's own (see
 * is_own), the words in them, and the blocks that are looked for.
 */
#include "second_look.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_AREAS = 16384, MOST_BLOCKS = 1 << 20, CHUNK_BYTES = 1 << 20, PAGE_BYTES = 4096 };

struct area areas[MOST_AREAS];
size_t area_count;
static int memory = -1;
static int pagemap = -1;
static struct block blocks[MOST_BLOCKS];
static size_t block_count;

ssize_t memory_read(void *bytes, size_t length, uint64_t address)
{
    return pread(memory, bytes, length, (off_t)address);
}

uint64_t memory_read_word(uint64_t address)
{
    uint64_t word = 0;
    return memory_read(&word, sizeof word, address) == sizeof word ? word : 0;
}

void memory_write_word(uint64_t address, uint64_t word, const char *otherwise)
{
    if (pwrite(memory, &word, sizeof word, (off_t)address) != sizeof word)
        fail(otherwise);
}

/* libseep.so's data, its leak file, and the pages that it maps for itself: these alone have all
 * three of MAP_NORESERVE, MADV_NOHUGEPAGE and MADV_DONTDUMP. */
static bool is_own(const struct area *area, const char *flags)
{
    return (strstr(flags, " nr") != NULL && strstr(flags, " nh") != NULL &&
            strstr(flags, " dd") != NULL) ||
           strstr(area->path, "libseep.so") != NULL || strstr(area->path, ".leak") != NULL;
}

static void read_areas(pid_t pid)
{
    char path[64], line[4096];
    snprintf(path, sizeof path, "/proc/%d/smaps", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        fail("no smaps");
    struct area *area = areas;
    char permissions[8];
    while (fgets(line, sizeof line, file) != NULL) {
        uint64_t start, end;
        int name = 0;
        if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %*s %*s %*s %n", &start, &end, permissions,
                   &name) >= 3) {
            if (area_count == MOST_AREAS)
                fail("too many mappings");
            area = &areas[area_count++];
            *area = (struct area){.start = start, .end = end};
            snprintf(area->path, sizeof area->path, "%.*s", (int)strcspn(line + name, "\n"),
                     line + name);
            area->is_looked_at = permissions[0] == 'r' && permissions[1] == 'w';
            area->is_shared = permissions[3] == 's';
        } else if (strncmp(line, "VmFlags:", 8) == 0) {
            bool is_device = strstr(line, " io") != NULL || strstr(line, " pf") != NULL;
            area->is_looked_at &= !is_device && !is_own(area, line);
        }
    }
    fclose(file);
}

void memory_open(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    memory = open(path, O_RDWR | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%d/pagemap", pid);
    pagemap = open(path, O_RDONLY | O_CLOEXEC);
    if (memory < 0 || pagemap < 0)
        fail("its memory cannot be read");
    read_areas(pid);
}

void area_each_words(const struct area *area, void (*see)(const struct area *area, uint64_t start,
                                                          const uint64_t *words, size_t count))
{
    static uint64_t entries[CHUNK_BYTES / PAGE_BYTES];
    static uint64_t words[PAGE_BYTES / 8];
    for (uint64_t at = area->start; at < area->end; at += CHUNK_BYTES) {
        uint64_t end = at + CHUNK_BYTES < area->end ? at + CHUNK_BYTES : area->end;
        size_t pages = (end - at) / PAGE_BYTES;
        ssize_t got = pread(pagemap, entries, pages * 8, (off_t)(at / PAGE_BYTES * 8));
        for (size_t i = 0; i < pages; i++) {
            bool is_known = got == (ssize_t)(pages * 8);
            if (!area->is_shared && is_known && entries[i] >> 62 == 0)
                continue;
            ssize_t have = memory_read(words, sizeof words, at + i * PAGE_BYTES);
            if (have > 0)
                see(area, at + i * PAGE_BYTES, words, (size_t)have / 8);
        }
    }
}

void block_add(uint64_t start, uint64_t bytes)
{
    if (block_count == MOST_BLOCKS)
        fail("too many blocks");
    blocks[block_count++] = (struct block){start, bytes};
}

static int compare_blocks(const void *a, const void *b)
{
    const struct block *x = a, *y = b;
    return (x->start > y->start) - (x->start < y->start);
}

void blocks_sort(void)
{
    qsort(blocks, block_count, sizeof *blocks, compare_blocks);
}

const struct block *block_at(uint64_t address)
{
    if (block_count == 0 || address < blocks[0].start ||
        address > blocks[block_count - 1].start + blocks[block_count - 1].bytes)
        return NULL; /* so it is for nearly all words: they are many */
    size_t low = 0, high = block_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (blocks[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const struct block *block = &blocks[low - 1];
    uint64_t bytes = block->bytes == 0 ? 1 : block->bytes;
    return address - block->start < bytes ? block : NULL;
}
