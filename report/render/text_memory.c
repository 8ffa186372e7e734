/*
 * Memory use and pauses for people: the last numbers, how they came about, and who mapped memory.
 */
#include "pen.h"

#include "../aggregate/aggregate.h"
#include "../symbolize/symbolize.h"

#include <inttypes.h>
#include <string.h>

enum { CHART_COLUMNS = 60, CHART_LEAST = 3, EXTERNALS_TOLD = 3 };

struct chart {
    const char *name;
    uint64_t (*value_of)(const struct leakfile_collection *collection);
};

static uint64_t heap_used_of(const struct leakfile_collection *collection)
{
    return collection->heap_used_bytes;
}

static uint64_t rss_of(const struct leakfile_collection *collection)
{
    return collection->rss_bytes;
}

static int compare_pauses(const void *a, const void *b)
{
    return compare_u64(*(const uint64_t *)a, *(const uint64_t *)b);
}

static void pen_write_pauses(const struct pen *pen, const struct process *process)
{
    size_t count = process->collections.count;
    if (count < 2)
        return;
    uint64_t *pauses = arena_alloc(pen->arena, count * sizeof *pauses);
    for (size_t i = 0; i < count; i++)
        pauses[i] = process->collections.items[i].pause_ns;
    sort_items(pauses, count, sizeof *pauses, compare_pauses);
    fprintf(pen->stream, "Pauses of %zu collections: p50 %s, p99 %s, max %s\n", count,
            words_for_time(pen->arena, pauses[(count - 1) / 2]),
            words_for_time(pen->arena, pauses[(count - 1) * 99 / 100]),
            words_for_time(pen->arena, pauses[count - 1]));
}

/* A row of a chart: one column for each collection, or the highest of several. */
static void pen_write_chart(const struct pen *pen, const struct process *process,
                            const struct chart *chart)
{
    static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    size_t count = process->collections.count;
    size_t columns = count < CHART_COLUMNS ? count : CHART_COLUMNS;
    uint64_t values[CHART_COLUMNS] = {0};
    uint64_t highest = 1;
    for (size_t i = 0; i < count; i++) {
        uint64_t value = chart->value_of(&process->collections.items[i]);
        uint64_t *column = &values[i * columns / count];
        *column = value > *column ? value : *column;
        highest = value > highest ? value : highest;
    }
    fprintf(pen->stream, "  %-8s ", chart->name);
    for (size_t i = 0; i < columns; i++)
        fputs(bars[(size_t)((double)values[i] / (double)highest * 7.0 + 0.5)], pen->stream);
    fprintf(pen->stream, " up to %s\n", words_for_size(pen->arena, highest));
}

static void pen_write_charts(const struct pen *pen, const struct process *process)
{
    static const struct chart charts[] = {{"heapUsed", heap_used_of}, {"rss", rss_of}};
    if (process->collections.count < CHART_LEAST)
        return;
    for (size_t i = 0; i < sizeof charts / sizeof charts[0]; i++)
        pen_write_chart(pen, process, &charts[i]);
}

static int compare_externals(const void *a, const void *b)
{
    return compare_u64(((const struct leakfile_external *)b)->bytes,
                       ((const struct leakfile_external *)a)->bytes);
}

/* Who mapped most. */
static void pen_write_externals(const struct pen *pen, struct process *process)
{
    size_t count = process->externals.count;
    if (count == 0)
        return;
    struct leakfile_external *sites = arena_alloc(pen->arena, count * sizeof *sites);
    memcpy(sites, process->externals.items, count * sizeof *sites);
    sort_items(sites, count, sizeof *sites, compare_externals);
    for (size_t i = 0; i < count && i < EXTERNALS_TOLD; i++) {
        struct path path = path_trim(
            pen->arena, symbolizer_name_stack(pen->report->symbolizer, process, sites[i].stack));
        const struct frame *frame = path.count == 0 ? NULL : &path.frames[0];
        fprintf(pen->stream, "  external: %s in %s mapping%s",
                words_for_size(pen->arena, sites[i].bytes),
                words_for_count(pen->arena, sites[i].mappings), sites[i].mappings == 1 ? "" : "s");
        if (frame != NULL && frame->function != NULL)
            fprintf(pen->stream, " by %s", escape_for_terminal(pen->arena, frame->function));
        if (frame != NULL && frame->file != NULL && frame->line != 0)
            fprintf(pen->stream, " at %s:%" PRIu32, escape_for_terminal(pen->arena, frame->file),
                    frame->line);
        fputc('\n', pen->stream);
    }
}

void pen_write_memory(const struct pen *pen)
{
    size_t count = pen->report->model->processes.count;
    for (size_t i = 0; i < count && i < 5; i++) {
        struct process *process = pen->report->model->processes.items[i];
        const struct leakfile_collection *last = process_last_collection(process);
        if (last == NULL)
            continue;
        fputs("Memory", pen->stream);
        if (count > 1)
            fprintf(pen->stream, " of %s (pid %" PRIu32 ")",
                    escape_for_terminal(pen->arena, process->program), process->pid);
        fprintf(pen->stream, ": rss %s, heapTotal %s, heapUsed %s, external %s\n",
                words_for_size(pen->arena, last->rss_bytes),
                words_for_size(pen->arena, last->heap_total_bytes),
                words_for_size(pen->arena, last->heap_used_bytes),
                words_for_size(pen->arena, last->external_bytes));
        pen_write_charts(pen, process);
        pen_write_externals(pen, process);
        pen_write_pauses(pen, process);
    }
}
