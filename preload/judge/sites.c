/* Findings; see sites.h. The table is indexed by the stack's number: those are dense. */
#include "sites.h"

#include <errno.h>
#include <string.h>

#include "../base/pages.h"

enum { SITES_SORTS = 4, SITES_FIRST = 256 };

size_t sites_most(const struct sites *sites)
{
    return ((size_t)sites->stack_max + 1) * SITES_SORTS;
}

size_t sites_place(uint32_t stack, uint32_t kind, uint32_t flags)
{
    uint32_t sort = (kind == LEAKFILE_KIND_POSSIBLE ? 2u : 0u) |
                    ((flags & LEAKFILE_FINDING_CYCLE) != 0 ? 1u : 0u);
    return (size_t)stack * SITES_SORTS + sort;
}

static size_t sites_places_bytes(const struct sites *sites)
{
    return sites_most(sites) * sizeof *sites->places;
}

int sites_begin(struct sites *sites, uint32_t stack_max)
{
    *sites = (struct sites){.stack_max = stack_max};
    sites->places = pages_map(sites_places_bytes(sites));
    return sites->places == NULL ? -ENOMEM : 0;
}

void sites_free(struct sites *sites)
{
    if (sites->places != NULL)
        pages_unmap(sites->places, sites_places_bytes(sites));
    if (sites->findings != NULL)
        pages_unmap(sites->findings, sites->room * sizeof *sites->findings);
    *sites = (struct sites){0};
}

static bool sites_grow(struct sites *sites)
{
    size_t room = sites->room == 0 ? SITES_FIRST : sites->room * 2;
    struct leakfile_finding *fresh = pages_map(room * sizeof *fresh);
    if (fresh == NULL)
        return false;
    if (sites->findings != NULL) {
        memcpy(fresh, sites->findings, sites->count * sizeof *fresh);
        pages_unmap(sites->findings, sites->room * sizeof *fresh);
    }
    sites->findings = fresh;
    sites->room = room;
    return true;
}

struct leakfile_finding *sites_find(struct sites *sites, uint32_t stack, uint32_t kind,
                                    uint32_t flags)
{
    uint32_t *place = &sites->places[sites_place(stack, kind, flags)];
    if (*place == 0) {
        if (sites->count == sites->room && !sites_grow(sites))
            return NULL;
        sites->findings[sites->count] =
            (struct leakfile_finding){.stack = stack, .kind = kind, .flags = flags, .confirmed = 1};
        *place = (uint32_t)++sites->count;
    }
    return &sites->findings[*place - 1];
}

static bool sites_comes_after(const struct leakfile_finding *a, const struct leakfile_finding *b)
{
    uint64_t a_bytes = a->bytes + a->indirect_bytes;
    uint64_t b_bytes = b->bytes + b->indirect_bytes;
    if (a_bytes != b_bytes)
        return a_bytes < b_bytes;
    if (a->stack != b->stack)
        return a->stack > b->stack;
    return a->kind != b->kind ? a->kind > b->kind : a->flags > b->flags;
}

static void sites_sift(struct leakfile_finding *heap, size_t at, size_t count)
{
    struct leakfile_finding moved = heap[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && sites_comes_after(&heap[child + 1], &heap[child]))
            child++;
        if (!sites_comes_after(&heap[child], &moved))
            break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

/* Heap sort: qsort of libc calls malloc. */
void sites_sort(struct sites *sites)
{
    for (size_t i = sites->count / 2; i-- > 0;)
        sites_sift(sites->findings, i, sites->count);
    for (size_t i = sites->count; i-- > 1;) {
        struct leakfile_finding last = sites->findings[0];
        sites->findings[0] = sites->findings[i];
        sites->findings[i] = last;
        sites_sift(sites->findings, 0, i);
    }
}
