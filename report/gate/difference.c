/*
 * What differs between two runs; see difference.h. Both lists are sorted: one walk over both.
 */
#include "difference.h"

#include "baseline.h"

#include <string.h>

/* As baseline_compare_entries(), without the bytes. */
static int compare_keys(const struct baseline_entry *a, const struct baseline_entry *b)
{
    int order = strcmp(a->program, b->program);
    if (order == 0)
        order = strcmp(a->id, b->id);
    return order != 0 ? order : compare_u64(a->kind, b->kind);
}

/* The entry at `*at` with all that follow it under the same key; NULL at the end. */
static struct baseline_entry *sum_next(struct arena *arena, const struct baseline *baseline,
                                       size_t *at)
{
    if (*at == baseline->entries.count)
        return NULL;
    struct baseline_entry *sum = arena_alloc(arena, sizeof *sum);
    *sum = *baseline->entries.items[(*at)++];
    while (*at < baseline->entries.count && compare_keys(sum, baseline->entries.items[*at]) == 0) {
        sum->bytes = add_saturated(sum->bytes, baseline->entries.items[*at]->bytes);
        sum->blocks = add_saturated(sum->blocks, baseline->entries.items[*at]->blocks);
        (*at)++;
    }
    return sum;
}

void differences_find(struct arena *arena, const struct baseline *before,
                      const struct baseline *after, struct differences *differences)
{
    size_t before_at = 0;
    size_t after_at = 0;
    struct baseline_entry *old = sum_next(arena, before, &before_at);
    struct baseline_entry *new = sum_next(arena, after, &after_at);
    while (old != NULL || new != NULL) {
        int order = old == NULL ? 1 : new == NULL ? -1 : compare_keys(old, new);
        bool same = order == 0 && old->bytes == new->bytes && old->blocks == new->blocks;
        if (!same) {
            struct difference *difference = VEC_ADD(arena, &differences->items);
            difference->before = order <= 0 ? old : NULL;
            difference->after = order >= 0 ? new : NULL;
            difference->change =
                order < 0   ? CHANGE_GONE
                : order > 0 ? CHANGE_NEW
                : new->bytes > old->bytes || (new->bytes == old->bytes &&new->blocks > old->blocks)
                    ? CHANGE_GROWN
                    : CHANGE_SHRUNK;
        }
        if (order <= 0)
            old = sum_next(arena, before, &before_at);
        if (order >= 0)
            new = sum_next(arena, after, &after_at);
    }
}
