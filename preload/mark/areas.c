/* Lists of address ranges; see areas.h. */
#include "areas.h"

#include <errno.h>
#include <string.h>

#include "../base/pages.h"

enum { AREAS_FIRST = 1024 };

int areas_add(struct areas *areas, struct roots_range range)
{
    if (range.start >= range.end)
        return 0;
    if (areas->count == areas->room) {
        size_t room = areas->room == 0 ? AREAS_FIRST : areas->room * 2;
        struct roots_range *fresh = pages_map(room * sizeof *fresh);
        if (fresh == NULL)
            return -ENOMEM;
        if (areas->ranges != NULL) {
            memcpy(fresh, areas->ranges, areas->count * sizeof *fresh);
            pages_unmap(areas->ranges, areas->room * sizeof *fresh);
        }
        areas->ranges = fresh;
        areas->room = room;
    }
    areas->ranges[areas->count++] = range;
    return 0;
}

static void areas_sift(struct roots_range *heap, size_t at, size_t count)
{
    struct roots_range moved = heap[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && heap[child + 1].start > heap[child].start)
            child++;
        if (heap[child].start <= moved.start)
            break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

/* Heap sort: qsort of libc calls malloc. */
void areas_sort(struct areas *areas)
{
    for (size_t i = areas->count / 2; i-- > 0;)
        areas_sift(areas->ranges, i, areas->count);
    for (size_t i = areas->count; i-- > 1;) {
        struct roots_range largest = areas->ranges[0];
        areas->ranges[0] = areas->ranges[i];
        areas->ranges[i] = largest;
        areas_sift(areas->ranges, 0, i);
    }
}

void areas_free(struct areas *areas)
{
    if (areas->ranges != NULL)
        pages_unmap(areas->ranges, areas->room * sizeof *areas->ranges);
    *areas = (struct areas){0};
}

uintptr_t areas_cut(const struct areas *areas, size_t *cursor, struct pages_range piece,
                    const struct roots_range **inside)
{
    *inside = NULL;
    while (*cursor < areas->count && areas->ranges[*cursor].end <= piece.start)
        (*cursor)++;
    if (*cursor == areas->count)
        return piece.end;
    const struct roots_range *next = &areas->ranges[*cursor];
    if (next->start <= piece.start) {
        *inside = next;
        return next->end < piece.end ? next->end : piece.end;
    }
    return next->start < piece.end ? next->start : piece.end;
}
