/*
 * /proc/self/maps with any names of files: each line is one mapping, with the numbers, the rights
 * and the name that stand there. The kernel writes the rest of a line, so it is well-formed here.
 */
#include "../../preload/mark/memory_map.h"

#include "../../preload/base/pages.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* In the place of base/pages.c. */
void *pages_map(size_t bytes)
{
    return calloc(1, bytes);
}

void pages_unmap(void *start, size_t bytes)
{
    (void)bytes;
    free(start);
}

enum { LINES_MAX = 64, NAME_MAX_BYTES = 200 };

/* What a line is made of. */
struct line {
    uint64_t start;
    uint64_t end;
    uint8_t rights; /* bits: read, write, execute, shared */
    uint32_t name_bytes;
    const char *name;
};

/* Takes a line's parts from the input; the name ends at a newline. False at the input's end. */
static bool line_take(struct line *line, const uint8_t **bytes, size_t *length)
{
    if (*length < 10)
        return false;
    uint32_t start;
    uint32_t more;
    memcpy(&start, *bytes, sizeof start);
    memcpy(&more, *bytes + 4, sizeof more);
    line->start = (uint64_t)start << 12;
    line->end = line->start + ((uint64_t)more << 12) + PAGES_BYTES;
    line->rights = (*bytes)[8];
    *bytes += 9;
    *length -= 9;
    line->name = (const char *)*bytes;
    const uint8_t *stop = memchr(*bytes, '\n', *length);
    size_t taken = stop == NULL ? *length : (size_t)(stop - *bytes);
    line->name_bytes = (uint32_t)(taken > NAME_MAX_BYTES ? NAME_MAX_BYTES : taken);
    *bytes += taken + (stop != NULL);
    *length -= taken + (stop != NULL);
    while (line->name_bytes > 0 && line->name[0] == ' ') { /* the kernel pads with them */
        line->name++;
        line->name_bytes--;
    }
    return true;
}

static size_t line_write(char *text, const struct line *line)
{
    int head = sprintf(text, "%08lx-%08lx %c%c%c%c 00001000 fd:01 1234567", line->start, line->end,
                       line->rights & 1 ? 'r' : '-', line->rights & 2 ? 'w' : '-',
                       line->rights & 4 ? 'x' : '-', line->rights & 8 ? 's' : 'p');
    size_t length = (size_t)head;
    text[length++] = ' ';
    for (int i = 0; line->name_bytes > 0 && i < 8; i++)
        text[length++] = ' ';
    memcpy(text + length, line->name, line->name_bytes);
    length += line->name_bytes;
    text[length++] = '\n';
    return length;
}

static void check(const struct memory_mapping *mapping, const struct line *line)
{
    assert(mapping->start == line->start && mapping->end == line->end);
    assert(mapping->readable == ((line->rights & 1) != 0));
    assert(mapping->writable == ((line->rights & 2) != 0));
    assert(mapping->executable == ((line->rights & 4) != 0));
    assert(mapping->name_bytes == line->name_bytes);
    assert(memcmp(mapping->name, line->name, line->name_bytes) == 0);
    bool shared = (line->rights & 8) != 0;
    assert(mapping->class != MEMORY_SHARED || (shared && mapping->writable));
    assert(mapping->class == MEMORY_SHARED || mapping->class == MEMORY_NEVER || !shared);
    if (line->name_bytes > 5 && memcmp(line->name, "/dev/k", 6) == 0)
        assert(mapping->class == MEMORY_NEVER);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct line lines[LINES_MAX];
    size_t count = 0;
    char *text = malloc(LINES_MAX * (NAME_MAX_BYTES + 100));
    size_t used = 0;
    assert(text != NULL);
    while (count < LINES_MAX && line_take(&lines[count], &bytes, &length))
        used += line_write(text + used, &lines[count++]);
    text = realloc(text, used == 0 ? 1 : used); /* so that the sanitizer sees its end */
    struct memory_map map = {0};
    int error = memory_map_parse(&map, text, used);
    assert(error == 0 && map.count == count);
    for (size_t i = 0; i < count; i++)
        check(&map.mappings[i], &lines[i]);
    memory_map_free(&map);
    free(text);
    return 0;
}
