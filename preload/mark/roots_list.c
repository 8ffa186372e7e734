/* The list of roots: ranges, and words of our own that stand for what is in no memory. */
#include <errno.h>
#include <string.h>

#include "../base/pages.h"
#include "roots.h"

enum {
    ROOTS_RANGES_FIRST = 4096,
    ROOTS_VALUES_CHUNK = 8192 /* words; their addresses must not change, so chunks are not moved */
};

static bool roots_grow(struct roots *roots)
{
    size_t room = roots->room == 0 ? ROOTS_RANGES_FIRST : roots->room * 2;
    struct roots_range *fresh = pages_map(room * sizeof *fresh);
    if (fresh == NULL)
        return false;
    if (roots->ranges != NULL) {
        memcpy(fresh, roots->ranges, roots->count * sizeof *fresh);
        pages_unmap(roots->ranges, roots->room * sizeof *fresh);
    }
    roots->ranges = fresh;
    roots->room = room;
    return true;
}

void roots_add(struct roots *roots, struct roots_range range)
{
    range.start = (range.start + 7) & ~(uintptr_t)7;
    range.end &= ~(uintptr_t)7;
    if (range.start >= range.end)
        return;
    struct roots_range *last = roots->count > 0 ? &roots->ranges[roots->count - 1] : NULL;
    if (last != NULL && last->end == range.start && last->kind == range.kind &&
        last->thread == range.thread) {
        last->end = range.end;
        return;
    }
    if (roots->count == roots->room && !roots_grow(roots)) {
        roots->error = -ENOMEM;
        return;
    }
    roots->ranges[roots->count++] = range;
}

void roots_add_value(struct roots *roots, uintptr_t value, enum roots_kind kind, int thread)
{
    if (value == 0)
        return;
    if (roots->values == NULL) {
        roots->values = pages_map(ROOTS_VALUES_CHUNK * sizeof *roots->values);
        roots->value_room = roots->values == NULL ? 0 : ROOTS_VALUES_CHUNK;
    }
    if (roots->value_count == roots->value_room) {
        /* A full page of values stays where it is, as a range of roots; begin another. */
        uintptr_t *fresh = pages_map(ROOTS_VALUES_CHUNK * sizeof *fresh);
        if (fresh == NULL) {
            roots->error = -ENOMEM;
            return;
        }
        fresh[0] = (uintptr_t)roots->values; /* for roots_free */
        roots->values = fresh;
        roots->value_count = 1;
        roots->value_room = ROOTS_VALUES_CHUNK;
    }
    if (roots->value_count == 0)
        roots->value_count = 1; /* the link, NULL in the first chunk */
    uintptr_t *word = &roots->values[roots->value_count++];
    *word = value;
    roots_add(roots, (struct roots_range){(uintptr_t)word, (uintptr_t)(word + 1), kind, thread});
}

void roots_add_inside(struct roots *roots, const struct blocks *blocks, uintptr_t address,
                      int thread)
{
    struct blocks_found found;
    if (address != 0 && blocks_find(blocks, address, &found))
        roots_add_value(roots, found.start, ROOTS_STACK, thread);
}

const struct roots_range *roots_find(const struct roots *roots, uintptr_t address)
{
    for (size_t i = 0; i < roots->count; i++)
        if (address >= roots->ranges[i].start && address < roots->ranges[i].end)
            return &roots->ranges[i];
    return NULL;
}

void roots_free(struct roots *roots)
{
    if (roots->ranges != NULL)
        pages_unmap(roots->ranges, roots->room * sizeof *roots->ranges);
    for (uintptr_t *chunk = roots->values, *next; chunk != NULL; chunk = next) {
        next = (uintptr_t *)chunk[0]; /* NOLINT: a link of our own */
        pages_unmap(chunk, ROOTS_VALUES_CHUNK * sizeof *chunk);
    }
    *roots = (struct roots){0};
}
