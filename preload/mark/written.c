/* pagemap; see written.h. Its format: the kernel's Documentation/admin-guide/mm/pagemap.rst. */
#include "written.h"

#include <errno.h>
#include <fcntl.h>

#include "../base/pages.h"
#include "../base/sys.h"
#include "../base/text.h"

enum {
    WRITTEN_BUFFER_BYTES = 64 << 10,
    WRITTEN_FILE_BIT = 61, /* of the file's page cache, or shared */
    WRITTEN_SWAPPED_BIT = 62,
    WRITTEN_PRESENT_BIT = 63
};

/* struct pm_scan_arg and struct page_region of linux/fs.h, which Debian 12's headers lack. */
struct written_scan {
    uint64_t size;
    uint64_t flags;
    uint64_t start;
    uint64_t end;
    uint64_t walk_end;
    uint64_t vec;
    uint64_t vec_len;
    uint64_t max_pages;
    uint64_t category_inverted;
    uint64_t category_mask;
    uint64_t category_anyof_mask;
    uint64_t return_mask;
};
struct written_region {
    uint64_t start;
    uint64_t end;
    uint64_t categories;
};
enum {
    WRITTEN_IOCTL = 0xc0606610, /* _IOWR('f', 16, struct pm_scan_arg) */
    WRITTEN_IS_FILE = 1 << 2,
    WRITTEN_IS_PRESENT = 1 << 3,
    WRITTEN_IS_SWAPPED = 1 << 4,
    WRITTEN_IS_ZERO = 1 << 5
};

/* One walk over one mapping. Neighbouring runs are handed on as one. */
struct written_walk {
    struct written *written;
    int fd;
    bool private;
    uintptr_t end;
    uintptr_t run_start;
    uintptr_t run_end;
    written_run_cb *run;
    void *data;
};

static void written_add(struct written_walk *walk, uintptr_t start, uintptr_t end)
{
    if (walk->run_end == start && walk->run_start != walk->run_end) {
        walk->run_end = end;
        return;
    }
    if (walk->run_start != walk->run_end)
        walk->run(walk->data, walk->run_start, walk->run_end);
    walk->run_start = start;
    walk->run_end = end;
}

/* Returns where it stopped: the end, or where the kernel gave up. */
static uintptr_t written_scan(struct written_walk *walk, uintptr_t at)
{
    struct written_region *regions = walk->written->buffer;
    struct written_scan scan = {.size = sizeof scan,
                                .end = walk->end,
                                .vec = (uintptr_t)regions,
                                .vec_len = WRITTEN_BUFFER_BYTES / sizeof *regions,
                                .category_anyof_mask = WRITTEN_IS_PRESENT | WRITTEN_IS_SWAPPED,
                                .return_mask = WRITTEN_IS_PRESENT};
    if (walk->private)
        scan.category_mask = scan.category_inverted = WRITTEN_IS_FILE | WRITTEN_IS_ZERO;
    while (at < walk->end) {
        scan.start = at;
        scan.walk_end = at;
        long count = sys_call(SYS_ioctl, walk->fd, WRITTEN_IOCTL, &scan);
        for (long i = 0; i < count; i++)
            written_add(walk, regions[i].start, regions[i].end);
        if (count < 0 || scan.walk_end <= at)
            break;
        at = scan.walk_end;
    }
    return at;
}

static bool written_page(const struct written_walk *walk, uint64_t page)
{
    bool held = (page >> WRITTEN_PRESENT_BIT & 1) != 0 || (page >> WRITTEN_SWAPPED_BIT & 1) != 0;
    return held && (!walk->private || (page >> WRITTEN_FILE_BIT & 1) == 0);
}

static uintptr_t written_read(struct written_walk *walk, uintptr_t at)
{
    uint64_t *pages = walk->written->buffer;
    while (at < walk->end) {
        size_t bytes = (walk->end - at) / PAGES_BYTES * sizeof *pages;
        if (bytes > WRITTEN_BUFFER_BYTES)
            bytes = WRITTEN_BUFFER_BYTES;
        long got = sys_call(SYS_pread64, walk->fd, pages, bytes, at / PAGES_BYTES * sizeof *pages);
        if (got < (long)sizeof *pages)
            break;
        for (size_t i = 0; i < (size_t)got / sizeof *pages; i++, at += PAGES_BYTES)
            if (written_page(walk, pages[i]))
                written_add(walk, at, at + PAGES_BYTES);
    }
    return at;
}

void written_each(struct written *written, const struct memory_mapping *mapping,
                  written_run_cb *run, void *data)
{
    bool private = mapping->class != MEMORY_SHARED;
    struct written_walk walk = {.written = written,
                                .fd = private ? written->own : written->program,
                                .private = private,
                                .end = mapping->end,
                                .run = run,
                                .data = data};
    uintptr_t at = mapping->start;
    if (walk.fd >= 0) {
        at = written_scan(&walk, at);
        at = written_read(&walk, at);
    }
    if (at < mapping->end)
        written_add(&walk, at, mapping->end);
    if (walk.run_start != walk.run_end)
        run(data, walk.run_start, walk.run_end);
}

int written_open(struct written *written, int program_pid, int program_pagemap)
{
    char path[64];
    struct text text = TEXT_OF(path);
    text_add(&text, "/proc/");
    text_add_number(&text, (uint64_t)program_pid);
    text_add(&text, "/pagemap");
    *written =
        (struct written){.own = sys_open("/proc/thread-self/pagemap", O_RDONLY | O_CLOEXEC, 0),
                         .program = program_pagemap,
                         .program_given = program_pagemap >= 0};
    if (!written->program_given)
        written->program = sys_open(path, O_RDONLY | O_CLOEXEC, 0);
    written->buffer = pages_map(WRITTEN_BUFFER_BYTES);
    return written->buffer != NULL ? 0 : -ENOMEM;
}

void written_close(struct written *written)
{
    if (written->own >= 0)
        sys_close(written->own);
    if (written->program >= 0 && !written->program_given)
        sys_close(written->program);
    if (written->buffer != NULL)
        pages_unmap(written->buffer, WRITTEN_BUFFER_BYTES);
}
