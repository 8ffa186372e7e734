/* /proc/self/maps; see memory_map.h. */
#include "memory_map.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "../base/pages.h"
#include "../base/sys.h"
#include "../base/text.h"

enum { MEMORY_TEXT_FIRST = 256 << 10 };

static bool memory_name_begins(const struct memory_mapping *mapping, const char *prefix)
{
    size_t length = strlen(prefix);
    return mapping->name_bytes >= length && memcmp(mapping->name, prefix, length) == 0;
}

static bool memory_name_is(const struct memory_mapping *mapping, const char *name)
{
    return mapping->name_bytes == strlen(name) && memory_name_begins(mapping, name);
}

/* Reading memory of a device can have effects, or wait for ever. What is no path and no memory of
 * the System V kind is a ring or a buffer that the kernel shares (io_uring, perf, packets). */
static bool memory_is_device(const struct memory_mapping *mapping, bool shared)
{
    if (memory_name_begins(mapping, "/dev/"))
        return !memory_name_begins(mapping, "/dev/zero") &&
               !memory_name_begins(mapping, "/dev/shm/");
    if (memory_name_begins(mapping, "/sys/") || memory_name_begins(mapping, "/proc/") ||
        memory_name_begins(mapping, "/dmabuf:") || memory_name_begins(mapping, "anon_inode:"))
        return true;
    return shared && mapping->name_bytes != 0 && mapping->name[0] != '/' &&
           !memory_name_begins(mapping, "[anon_shmem:");
}

static enum memory_class memory_class_of(const struct memory_mapping *mapping, bool shared)
{
    if (memory_name_begins(mapping, "[v") || memory_name_begins(mapping, "[uprobes]") ||
        memory_name_begins(mapping, "[sigpage]") || memory_is_device(mapping, shared))
        return MEMORY_NEVER;
    if (shared)
        return mapping->writable ? MEMORY_SHARED : MEMORY_NEVER;
    if (memory_name_is(mapping, "[stack]"))
        return MEMORY_STACK;
    return mapping->name_bytes != 0 && mapping->name[0] == '/' ? MEMORY_FILE : MEMORY_ANONYMOUS;
}

/* One line: `start-end perms offset device inode   name`. Returns what follows it. */
static const char *memory_parse_line(struct memory_mapping *mapping, const char *at,
                                     const char *end)
{
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (stop == NULL)
        return end;
    mapping->start = text_number(&at, 16);
    at++;
    mapping->end = text_number(&at, 16);
    at++;
    mapping->readable = at[0] == 'r';
    mapping->writable = at[1] == 'w';
    mapping->executable = at[2] == 'x';
    bool shared = at[3] == 's';
    at += 5;
    for (int field = 0; field < 3; field++) {
        while (at < stop && *at != ' ')
            at++;
        while (at < stop && *at == ' ')
            at++;
    }
    mapping->name = at;
    mapping->name_bytes = (uint32_t)(stop - at);
    mapping->class = memory_class_of(mapping, shared);
    return stop + 1;
}

int memory_map_parse(struct memory_map *map, const char *text, size_t bytes)
{
    size_t lines = 0;
    for (size_t i = 0; i < bytes; i++)
        lines += text[i] == '\n';
    map->mappings = pages_map((lines + 1) * sizeof *map->mappings);
    if (map->mappings == NULL)
        return -ENOMEM;
    const char *at = text;
    for (map->count = 0; map->count < lines; map->count++)
        at = memory_parse_line(&map->mappings[map->count], at, text + bytes);
    return 0;
}

/* Reads the whole file, into twice the room when it was too small. Returns the bytes. */
static ssize_t memory_map_read_text(struct memory_map *map)
{
    for (map->text_room = MEMORY_TEXT_FIRST;; map->text_room *= 2) {
        map->text = pages_map(map->text_room);
        if (map->text == NULL)
            return -ENOMEM;
        ssize_t bytes = sys_read_file("/proc/thread-self/maps", map->text, map->text_room);
        if (bytes < 0 || (size_t)bytes < map->text_room)
            return bytes;
        pages_unmap(map->text, map->text_room);
        map->text = NULL;
    }
}

int memory_map_read(struct memory_map *map)
{
    ssize_t bytes = memory_map_read_text(map);
    return bytes < 0 ? (int)bytes : memory_map_parse(map, map->text, (size_t)bytes);
}

void memory_map_free(struct memory_map *map)
{
    if (map->mappings != NULL)
        pages_unmap(map->mappings, (map->count + 1) * sizeof *map->mappings);
    if (map->text != NULL)
        pages_unmap(map->text, map->text_room);
    *map = (struct memory_map){0};
}

const struct memory_mapping *memory_map_find(const struct memory_map *map, uintptr_t address)
{
    size_t low = 0;
    size_t high = map->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (address >= map->mappings[middle].end)
            low = middle + 1;
        else
            high = middle;
    }
    return low < map->count && map->mappings[low].start <= address ? &map->mappings[low] : NULL;
}
