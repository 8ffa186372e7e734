/* Written parts of large blocks; see sparse.h. */
#include "sparse.h"

/* Looked at in one go: where nothing is cheaper than 8 bytes a page, one read of them. */
enum { SPARSE_CHUNK_BYTES = 32 << 20 };

static uintptr_t sparse_least(uintptr_t one, uintptr_t other)
{
    return one < other ? one : other;
}

/* When there is no room for a run, less is known. */
static void sparse_keep_run_cb(void *data, uintptr_t start, uintptr_t end)
{
    struct sparse *sparse = data;
    if (start >= sparse->known.end)
        return;
    if (sparse->run_count == SPARSE_RUNS)
        sparse->known.end = start;
    else
        sparse->runs[sparse->run_count++] = (struct pages_range){start, end};
}

/* Learns what lies from `at` on in a mapping of private memory. */
static void sparse_look(struct sparse *sparse, const struct memory_mapping *mapping, uintptr_t at)
{
    struct memory_mapping chunk = *mapping;
    chunk.start = at & ~(uintptr_t)(PAGES_BYTES - 1);
    chunk.end = sparse_least(mapping->end, chunk.start + SPARSE_CHUNK_BYTES);
    sparse->known = (struct pages_range){chunk.start, chunk.end};
    sparse->run_count = 0;
    written_each(&sparse->written, &chunk, sparse_keep_run_cb, sparse);
}

bool sparse_open(struct sparse *sparse)
{
    if (!sparse->is_open) {
        sparse->is_open = true;
        sparse->is_broken = written_open(&sparse->written, 0, -1) != 0; /* only private memory */
    }
    return !sparse->is_broken;
}

struct pages_range sparse_next(struct sparse *sparse, uintptr_t at, uintptr_t end)
{
    while (at < end) {
        if (at < sparse->known.start || at >= sparse->known.end) {
            const struct memory_mapping *mapping = memory_map_find(sparse->map, at);
            if (mapping == NULL)
                return (struct pages_range){at, end};
            if (mapping->class != MEMORY_ANONYMOUS || !sparse_open(sparse))
                return (struct pages_range){at, sparse_least(end, mapping->end)};
            sparse_look(sparse, mapping, at);
        }
        for (size_t i = 0; i < sparse->run_count; i++) {
            struct pages_range run = sparse->runs[i];
            uintptr_t start = run.start > at ? run.start : at;
            if (run.end > at && start < end)
                return (struct pages_range){start, sparse_least(run.end, end)};
        }
        at = sparse->known.end;
    }
    return (struct pages_range){end, end};
}

void sparse_finish(struct sparse *sparse)
{
    if (sparse->is_open)
        written_close(&sparse->written);
}
